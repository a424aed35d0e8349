"""`python -m services.reporting`: every service's facts in, read models out."""

import asyncpg
from fastapi import FastAPI

from doors.openapi import publish
from doors.parked import parked_router
from doors.problems import answer_problems
from eventlog.codec import Codec, facts_in
from eventlog.projections import Runtime
from eventlog.projector import Projection
from eventlog.service import Running, build_app, serve
from eventlog.wiring import feeds_of, kafka_of, keep_read_models
from schemas import access, contracts, social_value, spend
from services.reporting.doors import read_model_router, topic_router
from services.reporting.read_models.audit_trail import audit_trail
from services.reporting.read_models.compliance import compliance
from services.reporting.read_models.contract_register import contract_register
from services.reporting.read_models.ledger import ledger
from services.reporting.read_models.outcomes import outcomes
from services.reporting.read_models.source_files import source_files
from services.reporting.read_models.supplier_spend import supplier_spend
from services.reporting.read_models.suppliers_described import suppliers_described
from services.reporting.settings import ReportingSettings
from services.reporting.topic_counts import TopicCounts

READ_MODELS: tuple[Projection, ...] = (
    contract_register, supplier_spend, suppliers_described, compliance, outcomes, source_files, ledger, audit_trail,
)  # fmt: skip
READER = "gateway_reader"

ABOUT = "How the read models stand, and what is on the topics: doors for whoever runs the platform."


def make_app(settings: ReportingSettings) -> FastAPI:
    """The service's application; nothing runs before it is started."""

    async def start(_app: FastAPI, pool: asyncpg.Pool) -> Running:
        runtime = Runtime(
            pool,
            kafka_of(settings),
            READ_MODELS,
            Codec(*facts_in(access, contracts, social_value, spend)),
            "reporting",
            fill=feeds_of(settings, settings.feeds).fill,
            reader=READER,
        )
        names = frozenset(projection.name for projection in READ_MODELS)
        running = Running(
            routers=[
                read_model_router(runtime, names),
                parked_router(runtime),
                topic_router(TopicCounts(kafka_of(settings))),
            ]
        )
        keep_read_models(running, runtime, settings)
        return running

    app = build_app("reporting", settings, start)
    answer_problems(app)
    publish(app, ABOUT)
    return app


if __name__ == "__main__":
    chosen = ReportingSettings()
    serve(make_app(chosen), chosen)
