"""Payments over Kafka: no weaker a door than HTTP, each recorded once however often it is delivered."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from eventlog.credentials import Credential
from eventlog.kafka import Kafka
from eventlog.store import EventLog
from localpound.stack.testing import Servers
from services.spend.feeds import kafka_intake
from services.spend.feeds.kafka_intake import REJECTS, TOPIC, Intake
from services.spend.feeds.receipts import ROLE
from tests.builders import DEVON, SALFORD
from tests.callers import KnownCallers, bearer
from tests.integration.spend.test_doors import CALLERS, PAYMENT
from tests.integration.spend.test_streams import doors
from tests.integration.stack.test_roles import security

__all__ = ["doors"]
TOKENS = CALLERS | {"clerk": Credential("machine/clerk", None, SALFORD, frozenset({"reader"}))}


def kafka(running: Servers, user: str) -> Kafka:
    return Kafka(servers=running.kafka_servers, username=user, password=running.kafka_password(user))


@contextlib.asynccontextmanager
async def taking(running: Servers, log: EventLog) -> AsyncIterator[Intake]:
    """The service's own reader, until the end of the block."""
    intake = Intake(log, kafka(running, "spend"), KnownCallers(TOKENS).verify)
    task = asyncio.create_task(intake.run())
    try:
        yield intake
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def producer(running: Servers) -> AsyncIterator[AIOKafkaProducer]:
    """An integration, with its own name and password."""
    async with AIOKafkaProducer(**kafka(running, "integration").client()) as started:
        async with asyncio.timeout(30):  # access lists that were just made reach the broker in a moment
            while True:
                with contextlib.suppress(TopicAuthorizationFailedError):
                    await started.partitions_for(TOPIC)
                    break
        yield started


async def send(
    producer: AIOKafkaProducer,
    sent: Any,
    *,
    key: str | None = None,
    token: str | None = "Bearer ledger",
    organisation: str = SALFORD,
) -> str:
    """Publish; answers with the idempotency key."""
    key = uuid4().hex if key is None else key
    headers = [("idempotency-key", key.encode())] + ([] if token is None else [("authorization", token.encode())])
    value = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    await producer.send_and_wait(TOPIC, value, key=organisation.encode(), headers=headers)
    return key


async def until(log: EventLog, query: str, wanted: object) -> None:
    async with asyncio.timeout(30):
        while await log.pool.fetchval(query) != wanted:
            await asyncio.sleep(0.05)


PAYMENTS = "SELECT count(*) FROM spend.payment"
REFUSED = "SELECT count(*) FROM spend.intake_reject"


async def test_what_is_published_is_recorded_as_through_the_door(
    running: Servers, spend_log: EventLog, producer: AIOKafkaProducer, doors: httpx.AsyncClient
) -> None:
    async with taking(running, spend_log):
        key = await send(producer, PAYMENT)
        await send(producer, [PAYMENT | {"net": "1.00"}, PAYMENT | {"net": "2.00"}])
        await until(spend_log, PAYMENTS, 3)
    again = await doors.post(
        "/payments", content=json.dumps(PAYMENT).encode(), headers=bearer("ledger") | {"Idempotency-Key": key}
    )
    assert (again.json()["new"], again.json()["payments"]) == (1, 1)
    assert await spend_log.pool.fetchval(PAYMENTS) == 3
    events = await spend_log.load(SALFORD, f"payment/{again.json()['payment_ids'][0]}")
    assert events[0].actor == "machine/ledger"


async def test_what_is_delivered_again_is_recorded_once(
    running: Servers, spend_log: EventLog, producer: AIOKafkaProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader breaks off when it has recorded and not yet said so, again and again."""
    commit, failures = AIOKafkaConsumer.commit, 0

    async def breaks(self: AIOKafkaConsumer, offsets: Any) -> None:
        nonlocal failures
        if failures < 3:
            failures += 1
            raise KafkaError
        await commit(self, offsets)

    monkeypatch.setattr(AIOKafkaConsumer, "commit", breaks)
    monkeypatch.setattr(kafka_intake, "AGAIN", 0.05)
    async with taking(running, spend_log) as intake:
        key = await send(producer, PAYMENT)
        await send(producer, PAYMENT, key=key)
        async with asyncio.timeout(60):
            while failures < 3 or intake.taken < 4:
                await asyncio.sleep(0.05)
        await send(producer, PAYMENT | {"net": "2.00"})
        await until(spend_log, PAYMENTS, 2)
    assert failures == 3
    assert await spend_log.pool.fetchval("SELECT count(*) FROM spend.receipt") == 2
    assert await spend_log.pool.fetchval("SELECT count(*) FROM eventlog.event") == 6


REFUSALS = [
    (PAYMENT | {"net": 5}, {}, "not-valid", "net", SALFORD),
    (b"no json", {}, "not-json", None, SALFORD),
    (PAYMENT, {"token": None}, "unauthenticated", None, None),
    (PAYMENT, {"token": "Bearer nobody"}, "unauthenticated", None, None),
    (PAYMENT, {"token": "Basic ledger"}, "unauthenticated", None, None),
    (PAYMENT, {"organisation": DEVON}, "wrong-organisation", None, None),
    (PAYMENT, {"token": "Bearer devon"}, "wrong-organisation", None, None),
    (PAYMENT, {"token": "Bearer clerk"}, "forbidden", None, SALFORD),
    (PAYMENT, {"key": ""}, "idempotency-key", "idempotency-key", SALFORD),
]


async def test_what_the_door_would_refuse_is_refused_and_told(
    running: Servers, spend_log: EventLog, producer: AIOKafkaProducer, doors: httpx.AsyncClient
) -> None:
    ends = {}
    async with AIOKafkaConsumer(REJECTS, **kafka(running, "integration").client(), auto_offset_reset="latest") as told:
        partitions = told.assignment()
        ends = await told.end_offsets(partitions)
        for partition in partitions:
            told.seek(partition, ends[partition])
        async with taking(running, spend_log) as intake:
            for sent, how, *_ in REFUSALS:
                await send(producer, sent, **how)
            await send(producer, PAYMENT)
            await until(spend_log, REFUSED, len(REFUSALS))
            await until(spend_log, PAYMENTS, 1)
            assert (intake.refused, intake.taken) == (len(REFUSALS), 1)
        heard: list[dict[str, Any]] = []
        async with asyncio.timeout(20):
            while len(heard) < len(REFUSALS):
                for records in (await told.getmany(timeout_ms=500)).values():
                    heard += [json.loads(record.value) for record in records]
    wanted = sorted((code, field or "", whose or "") for _, _, code, field, whose in REFUSALS)
    assert sorted((e["error"]["code"], e["error"].get("field", ""), e["organisation"] or "") for e in heard) == wanted
    assert not any("Acme" in json.dumps(each) for each in heard)
    own = (await doors.get("/intake/rejects", headers=bearer("ledger"))).json()["rejects"]
    assert {each["organisation"] for each in own} == {SALFORD}
    assert len(own) == sum(whose == SALFORD for *_, whose in REFUSALS)
    after = await doors.get(f"/intake/rejects?after={own[0]['reject_id']}&limit=1", headers=bearer("ledger"))
    assert after.json()["rejects"] == own[1:2]
    assert (await doors.get("/intake/rejects", headers=bearer("devon"))).json()["rejects"] == []
    assert (await doors.get("/intake/rejects", headers=bearer("reader"))).status_code == 403


async def test_while_the_keys_are_away_nothing_is_refused_and_nothing_lost(
    running: Servers, spend_log: EventLog, producer: AIOKafkaProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_intake, "AGAIN", 0.05)
    asked = 0

    async def verify(token: str) -> Credential:
        nonlocal asked
        asked += 1
        if asked < 3:
            raise httpx.ConnectError("the gateway is away")
        return Credential("machine/ledger", None, SALFORD, frozenset({ROLE}))

    await send(producer, PAYMENT)
    task = asyncio.create_task(Intake(spend_log, kafka(running, "spend"), verify).run())
    await until(spend_log, PAYMENTS, 1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert asked == 3
    assert await spend_log.pool.fetchval(REFUSED) == 0


def test_an_integration_writes_here_and_nowhere_else(running: Servers) -> None:
    writer = Producer({**security(running, "integration"), "message.timeout.ms": 8_000})
    failed: set[str] = set()
    others = ("spend.events", "contracts.events", "access.events", REJECTS)
    for topic in others:
        writer.produce(
            topic, b"forged", on_delivery=lambda error, message: failed.add(message.topic()) if error else None
        )
    writer.flush(15)
    assert failed == set(others)
    for topic, readable in ((TOPIC, False), (REJECTS, True)):
        reader = Consumer(
            {**security(running, "integration"), "group.id": "integration.t", "enable.auto.commit": False}
        )
        reader.assign([TopicPartition(topic, 0, 0)])
        message = reader.poll(5)
        refused = message is not None and message.error() is not None and "AUTHORIZATION" in str(message.error())
        assert refused is not readable, topic
        if readable:
            with pytest.raises(KafkaException):
                reader.get_watermark_offsets(TopicPartition("spend.events", 0), timeout=5)
        reader.close()


@pytest.mark.parametrize("user", ["contracts", "reporting", "gateway"])
def test_nobody_else_writes_here(running: Servers, user: str) -> None:
    writer = Producer({**security(running, user), "message.timeout.ms": 5_000})
    delivered: list[bool] = []
    writer.produce(TOPIC, b"forged", on_delivery=lambda error, _message: delivered.append(error is None))
    writer.flush(10)
    assert delivered == [False]
    reader = Consumer({**security(running, user), "group.id": f"{user}.t"})
    assert "AUTHORIZATION" in str(reader.list_topics(TOPIC, timeout=10).topics[TOPIC].error)
    reader.close()
