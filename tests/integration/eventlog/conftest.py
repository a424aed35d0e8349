"""A topic of its own for each test, and a database for read models."""

import contextlib
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from eventlog.kafka import Kafka
from eventlog.store import EventLog
from localpound.stack.testing import Servers
from tests.integration.eventlog.spine import Running, forget_projections


@pytest.fixture
async def spine(running: Servers, spend_log: EventLog) -> AsyncIterator[Running]:
    """A log with a topic of its own and an empty database for read models."""
    await forget_projections(running, "reporting")
    kafka = Kafka(servers=running.kafka_servers, username="admin", password=running.kafka_password("admin"))
    async with asyncpg.create_pool(running.url("reporting", "reporting"), min_size=2, max_size=10) as pool:
        made = Running(spend_log, kafka, f"spend.{uuid4().hex[:8]}", pool)
        made.make_topic()
        yield made
        await made.stop()
        with contextlib.suppress(Exception):
            made.drop_topic()
