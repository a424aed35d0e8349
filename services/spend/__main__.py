"""`python -m services.spend`: the spend service."""

from collections.abc import Sequence

import asyncpg
from fastapi import APIRouter, FastAPI

from doors.openapi import publish
from doors.parked import parked_router
from doors.problems import answer_problems
from eventlog.codec import Codec, facts_in
from eventlog.credentials import Credential
from eventlog.projections import Runtime
from eventlog.service import Running, build_app, serve
from eventlog.store import EventLog
from eventlog.wiring import feeds_of, kafka_of, keep_log, keep_read_models
from schemas import contracts
from services.spend.decisions.decision_doors import decision_router
from services.spend.feeds.described import ABOUT, BODIES
from services.spend.feeds.intake_doors import intake_router
from services.spend.feeds.kafka_intake import Intake
from services.spend.feeds.pay_run_doors import pay_run_router
from services.spend.feeds.payment_doors import payment_router
from services.spend.judgement.judging import KnownContracts
from services.spend.published.doors import router
from services.spend.settings import SpendSettings


def make_app(settings: SpendSettings) -> FastAPI:
    """The service's application."""

    async def start(app: FastAPI, pool: asyncpg.Pool) -> Running:
        log = EventLog("spend", pool)
        running = keep_log(app, log, settings)
        runtime = Runtime(
            pool,
            kafka_of(settings),
            [KnownContracts(log)],
            Codec(*facts_in(contracts)),
            "spend",
            fill=feeds_of(settings, settings.feeds).fill,
        )
        keep_read_models(running, runtime, settings)

        async def verify(token: str) -> Credential:
            found: Credential = await app.state.verifier.verify(token)
            return found

        if settings.role in {"all", "consumers"}:
            intake = Intake(log, kafka_of(settings), verify)
            running.tasks["intake"] = intake.run
            running.statuses["intake"] = intake.status
        own: Sequence[APIRouter] = [
            router(log),
            payment_router(log),
            decision_router(log),
            pay_run_router(log),
            intake_router(log),
            parked_router(runtime),
        ]
        running.routers = [*running.routers, *own]
        return running

    app = build_app("spend", settings, start)
    answer_problems(app)
    publish(app, ABOUT, BODIES)
    return app


if __name__ == "__main__":
    chosen = SpendSettings()
    serve(make_app(chosen), chosen)
