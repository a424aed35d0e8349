"""A log, a topic of its own, and a database for read models, for a test to drive."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic
from msgspec import Struct

from eventlog.codec import Codec, facts_in
from eventlog.history import HistoryProjection, Table
from eventlog.kafka import Kafka
from eventlog.projections import Runtime
from eventlog.projector import Recorded
from eventlog.records import Record, from_kafka
from eventlog.relay import Relay
from eventlog.store import EventLog
from localpound.stack.testing import Servers
from schemas import spend
from schemas.spend import PaymentMatched, PaymentRecorded
from tests.builders import SALFORD, actor, cause, draft, payment_matched, payment_recorded

CODEC = Codec(*facts_in(spend))


class PaymentRow(Struct, frozen=True, gc=False):
    """A row as a read model of payments keeps it."""

    payment_id: str
    supplier_name: str | None = None
    net_pence: int = 0
    contract_id: str | None = None
    candidates: tuple[str, ...] = ()


def project(row: PaymentRow | None, fact: PaymentRecorded | PaymentMatched, _recorded: Recorded) -> PaymentRow:
    """What a payment's facts say."""
    row = row or PaymentRow(fact.payment_id)
    if isinstance(fact, PaymentRecorded):
        return PaymentRow(row.payment_id, fact.supplier_name, fact.net_pence, row.contract_id)
    return PaymentRow(
        row.payment_id, row.supplier_name, row.net_pence, fact.contract_id, (*row.candidates, fact.contract_id)
    )


def payments(topic: str, version: int = 1, name: str = "payments") -> HistoryProjection:
    """A read model of payments."""
    table = Table(
        name="payment",
        row=PaymentRow,
        key="payment_id",
        facts=(PaymentRecorded, PaymentMatched),
        key_of=lambda fact: fact.payment_id,
        project=project,
        indexes=("contract_id",),
    )
    return HistoryProjection(name=name, version=version, topics=(topic,), tables=(table,))


@dataclass
class Running:
    """A log, its topic, and what carries the one to the other."""

    log: EventLog
    kafka: Kafka
    topic: str
    pool: asyncpg.Pool
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def record(self, count: int, first: int = 0) -> None:
        """Payments P<first>…, each recorded and matched."""
        drafts = []
        for n in range(first, first + count):
            stream, payment_id = f"payment/P{n}", f"P{n}"
            drafts.append(draft(stream, 1, payment_recorded(payment_id=payment_id, net_pence=n)))
            drafts.append(draft(stream, 2, payment_matched(payment_id=payment_id, contract_id=f"C{n % 7}")))
        async with self.log.pool.acquire() as conn, conn.transaction():
            last = await self.log.record(SALFORD, drafts, actor=actor(), cause=cause(), conn=conn)
        self.log.appended.ring()
        assert await self.log.positions(last, timeout=20)

    def relay(self) -> Relay:
        """A relay that runs until it is stopped."""
        relay = Relay(self.log, self.kafka, self.topic)
        self.start(relay.run())
        return relay

    def start(self, work: Any) -> "asyncio.Task[None]":
        """Run beside the test."""
        task = asyncio.create_task(work)
        self.tasks.append(task)
        return task

    async def stop(self) -> None:
        """Stop all that runs."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()

    def runtime(self, *projections: Any, **given: Any) -> Runtime:
        """A runtime over the read models' database, not yet running."""
        return Runtime(self.pool, self.kafka, projections, CODEC, f"test-{self.topic}", **given)

    async def records(self) -> list[Record]:
        """Everything the topic holds, partition by partition."""
        consumer = AIOKafkaConsumer(**self.kafka.client(), auto_offset_reset="earliest", enable_auto_commit=False)
        places = [TopicPartition(self.topic, n) for n in range(12)]
        consumer.assign(places)
        await consumer.start()
        ends = await consumer.end_offsets(places)
        found: list[Record] = []
        while any([await consumer.position(p) < ends[p] for p in places]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                found += map(from_kafka, batch)
        await consumer.stop()
        return sorted(found, key=lambda r: (r.partition, r.offset))

    async def produce(self, *records: tuple[int, str, bytes, Sequence[tuple[str, bytes]]]) -> None:
        """Write records by hand: partition, key, value, headers."""
        async with AIOKafkaProducer(**self.kafka.client(), acks="all") as producer:
            for partition, key, value, heads in records:
                await producer.send_and_wait(
                    self.topic, value, key=key.encode(), partition=partition, headers=list(heads)
                )

    def make_topic(self) -> None:
        """An empty topic."""
        admin = AdminClient(self.kafka.administration())
        admin.create_topics([NewTopic(self.topic, 12, 1)])[self.topic].result()

    def drop_topic(self) -> None:
        """No topic."""
        admin = AdminClient(self.kafka.administration())
        admin.delete_topics([self.topic])[self.topic].result()

    def wipe_topic(self) -> None:
        """As after the loss of the broker's data: the same name, another topic."""
        self.drop_topic()
        for _ in range(50):
            with contextlib.suppress(KafkaException):
                self.make_topic()
                return


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.05)


async def forget_projections(running: Servers, database: str) -> None:
    """Drop every build and what is written down about it."""
    conn = await asyncpg.connect(running.superuser_url(database))
    for (schema,) in await conn.fetch(
        "SELECT nspname FROM pg_namespace WHERE nspname ~ '_[0-9]+$' AND nspname !~ '^pg_' OR nspname = 'live'"
    ):
        await conn.execute(f'DROP SCHEMA "{schema}" CASCADE')
    await conn.execute("TRUNCATE projection.generation, projection.position, projection.parked")
    await conn.close()
