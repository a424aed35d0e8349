"""How a process with a log of its own is put together: sequencer, relay and read models as tasks."""

from fastapi import FastAPI

from eventlog.feed import feed_router
from eventlog.feed_reader import Access, FeedReader
from eventlog.kafka import Kafka
from eventlog.projections import Runtime
from eventlog.relay import Relay
from eventlog.sequencer import Sequencer
from eventlog.service import Running, log_status
from eventlog.settings import ServiceSettings
from eventlog.store import EventLog


def kafka_of(settings: ServiceSettings) -> Kafka:
    """The broker that the settings name."""
    return Kafka(
        servers=settings.kafka_servers,
        username=settings.kafka_username,
        password=settings.kafka_password.get_secret_value(),
        protocol=settings.kafka_protocol,
    )


def feeds_of(settings: ServiceSettings, feeds: dict[str, str]) -> FeedReader:
    """Where gaps are filled from, with the process's own key."""
    access = Access(
        token_url=settings.token_url,
        client_id=settings.client_id,
        client_secret=settings.client_secret.get_secret_value(),
    )
    return FeedReader(feeds, access)


def keep_log(app: FastAPI, log: EventLog, settings: ServiceSettings) -> Running:
    """The tasks and doors of a log; which tasks run here, the setting `role` says."""
    relay = Relay(log, kafka_of(settings), f"{log.service}.events")
    app.state.partition_events = relay.partition_events
    running = Running(routers=[feed_router(log)])
    running.statuses["log"] = log_status(log)
    if settings.role in {"all", "sequencer"}:
        running.tasks["sequencer"] = Sequencer(log).run
    if settings.role in {"all", "relay"}:
        running.tasks["relay"] = relay.run
        running.statuses["relay"] = relay.status
    return running


def keep_read_models(running: Running, runtime: Runtime, settings: ServiceSettings) -> None:
    """The tasks of read models."""
    if settings.role in {"all", "consumers"}:
        running.tasks["projections"] = runtime.run
        running.statuses["projections"] = runtime.status
