"""`python -m services.social_value`: promises, claims and verifications in, `social_value.events` out."""

import asyncpg
from fastapi import FastAPI

from doors.openapi import publish
from doors.problems import answer_problems
from eventlog.service import Running, build_app, serve
from eventlog.store import EventLog
from eventlog.wiring import keep_log
from services.social_value.doors import doors
from services.social_value.settings import SocialValueSettings

ABOUT = "Social value promised, claimed and verified: each a fact with who stands behind it."


def make_app(settings: SocialValueSettings) -> FastAPI:
    """The service's application; nothing runs before it is started."""

    async def start(app: FastAPI, pool: asyncpg.Pool) -> Running:
        log = EventLog("social_value", pool)
        running = keep_log(app, log, settings)
        running.routers = [*running.routers, doors(log)]
        return running

    app = build_app("social_value", settings, start)
    answer_problems(app)
    publish(app, ABOUT)
    return app


if __name__ == "__main__":
    chosen = SocialValueSettings()
    serve(make_app(chosen), chosen)
