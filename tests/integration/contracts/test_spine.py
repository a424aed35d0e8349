"""A register's facts reach Kafka, each in its stream's order."""

import asyncio

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer

from eventlog.envelope import open_envelope
from eventlog.kafka import Kafka
from eventlog.store import EventLog
from localpound.stack.testing import Servers
from services.contracts.__main__ import make_app
from services.contracts.settings import ContractsSettings
from tests.builders import SALFORD
from tests.callers import serving
from tests.integration.contracts.conftest import CALLERS
from tests.integration.contracts.test_registers import RAW, send


@pytest.fixture
def settings(running: Servers) -> ContractsSettings:
    return ContractsSettings(
        database_url=running.url("contracts", "contracts"),
        kafka_servers=running.kafka_servers,
        kafka_username="contracts",
        kafka_password=running.kafka_password("contracts"),
        http_host="127.0.0.1",
        http_port=1,
        token_keys_url="http://nowhere",
    )


async def carried(running: Servers, wanted: set[bytes]) -> list[tuple[str, bytes]]:
    """Key and value of those records of the topic that are wanted, once all have come."""
    admin = Kafka(servers=running.kafka_servers, username="admin", password=running.kafka_password("admin"))
    consumer = AIOKafkaConsumer("contracts.events", **admin.client(), auto_offset_reset="earliest")
    await consumer.start()
    found: list[tuple[str, bytes]] = []
    try:
        async with asyncio.timeout(60):
            while len(found) < len(wanted):
                for batch in (await consumer.getmany(timeout_ms=500)).values():
                    found += [(record.key.decode(), record.value) for record in batch if record.value in wanted]
    finally:
        await consumer.stop()
    return found


async def test_every_fact_of_a_register_reaches_kafka_as_it_stands_in_the_log(
    running: Servers, log: EventLog, settings: ContractsSettings
) -> None:
    async with serving(make_app(settings), CALLERS) as doors:
        report = (await send(doors, RAW)).json()
        assert report["rows"]["new"] == 355
        logged = [entry for _, entry in await log.read(SALFORD, 0, 1_000)]
        sent = await carried(running, set(logged))
    assert len(logged) == 648
    assert sorted(value for _, value in sent) == sorted(logged)
    assert all(open_envelope(value).subject == key for key, value in sent)


async def test_the_service_may_neither_change_nor_delete_what_it_recorded(
    running: Servers, log: EventLog, settings: ContractsSettings
) -> None:
    async with serving(make_app(settings), CALLERS) as doors:
        await send(doors, RAW)
    for statement in ("UPDATE eventlog.event SET version = 9", "DELETE FROM eventlog.event", "TRUNCATE eventlog.event"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await log.pool.execute(statement)
