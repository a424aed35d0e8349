"""`python -m services.contracts`: registers in, `contracts.events` out."""

import asyncpg
from fastapi import FastAPI

from doors.openapi import publish
from doors.problems import answer_problems
from eventlog.service import Running, build_app, serve
from eventlog.store import EventLog
from eventlog.wiring import keep_log
from services.contracts.doors import doors
from services.contracts.settings import ContractsSettings

ABOUT = "One register of contracts: a published register goes in, its contracts become facts."


def make_app(settings: ContractsSettings) -> FastAPI:
    """The service's application; nothing runs before it is started."""

    async def start(app: FastAPI, pool: asyncpg.Pool) -> Running:
        log = EventLog("contracts", pool)
        running = keep_log(app, log, settings)
        running.routers = [*running.routers, doors(log)]
        return running

    app = build_app("contracts", settings, start)
    answer_problems(app)
    publish(app, ABOUT)
    return app


if __name__ == "__main__":
    chosen = ContractsSettings()
    serve(make_app(chosen), chosen)
