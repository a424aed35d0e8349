"""The log → Kafka, in order, with numbers that anyone can check; one relay a service at a time.

What the broker acknowledges may be lost again (it answers before it writes to disk), and a relay
may die between an acknowledgement and writing that down. So a relay begins by reading back the last
record of every partition, goes on behind it, and compares the offset of every batch with the one it
expects: a lower one means that the partition has lost its end, which is then published again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from confluent_kafka import KafkaException

from eventlog.bulk_append import Connection
from eventlog.collector import calm_collector
from eventlog.errors import LossDetectedError
from eventlog.kafka import Kafka, Topic, Topics
from eventlog.log import get_logger
from eventlog.numbering import (
    PAGE,
    Place,
    mark,
    number_page,
    partition_events,
    place_before,
    store_place,
    stored_place,
)
from eventlog.records import Record
from eventlog.sending import Sending, make_producer
from eventlog.signal import Signal
from eventlog.store import EventLog
from eventlog.tails import last_records

LOCK = 7_166_002
PAGE_BYTES = 16 * 1024 * 1024
MARK_EVERY = 20_000
STORE_EVERY = 0.2  # seconds between two writings of the place; the tails cover what lies between
LOOK_EVERY = 5.0  # seconds between two looks at the topic itself: is it still the same, is it whole?
CHANNEL = "eventlog_sequenced"

AWAY = (KafkaError, KafkaException, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, LossDetectedError)

logger = get_logger()


@dataclass(slots=True)
class Carrying:
    """Where a relay stands while it holds the lock."""

    conn: Connection
    sending: Sending
    place: Place
    """Up to here everything is acknowledged, or on its way."""
    topic_id: str
    marked: int
    looked_at: float
    stored_at: float = 0.0
    dirty: bool = False
    page_size: int = 1_000


@dataclass(slots=True)
class RelayStatus:
    """What a relay tells of itself."""

    running: bool = False
    sent: int = 0
    failures: int = 0
    last_error: str | None = None
    partitions_republished: int = 0


class Relay:
    """Runs for as long as the service does; broker and database may come and go."""

    def __init__(self, log: EventLog, kafka: Kafka, topic: str, partitions: int = 12) -> None:
        self._log = log
        self._kafka = kafka
        self._topic = topic
        self._partitions = partitions
        self._topics = Topics(kafka)
        self._wake = Signal()
        self.told = RelayStatus()
        self._lost: dict[int, int] = {}
        """Partitions found shorter than acknowledged, with the offset at which the loss ends."""

    async def run(self) -> None:
        """Carry events to the broker, for ever."""
        calm_collector()
        while True:
            try:
                async with self._locked() as conn, self._producer() as producer:
                    await self._carry(conn, producer)
            except AWAY as error:
                self.told.running = False
                self.told.failures += 1
                self.told.last_error = f"{type(error).__name__}: {error}"[:300]
                logger.warning("relay_waits", topic=self._topic, reason=self.told.last_error)
                await asyncio.sleep(min(5.0, 0.1 * 2 ** min(self.told.failures, 6)))

    async def partition_events(self, partition: int, first: int, count: int) -> list[dict[str, object]]:
        """Records of one partition from a relay number on, counted again from the log; none where none can be."""
        if not 0 <= partition < self._partitions or not 1 <= first < 2**53 or count < 1:
            return []
        async with self._log.pool.acquire() as conn:
            return await partition_events(conn, self._log.service, partition, first, count, self._partitions)

    async def status(self) -> Mapping[str, Any]:
        """Backlog and last error; `ready` as long as it is not stuck."""
        row = await self._log.pool.fetchrow(
            "SELECT coalesce((SELECT sum(events) FROM eventlog.run WHERE seq > place.seq), 0)"
            " + coalesce((SELECT events - 1 - place.ordinal FROM eventlog.run WHERE seq = place.seq), 0)"
            " AS backlog FROM (SELECT coalesce(min(seq), 0) AS seq, coalesce(min(ordinal), -1) AS ordinal"
            " FROM eventlog.relay) place"
        )
        return {
            "running": self.told.running,
            "backlog": int(row["backlog"]) if row else 0,
            "sent": self.told.sent,
            "failures": self.told.failures,
            "last_error": self.told.last_error,
            "partitions_republished": self.told.partitions_republished,
        }

    @contextlib.asynccontextmanager
    async def _locked(self) -> AsyncIterator[Connection]:
        """A connection that holds the relay's lock; a second relay waits here and takes over."""
        async with self._log.pool.acquire() as conn:
            while not await conn.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110 - the database has no event to wait for
                await asyncio.sleep(0.25)
            # the place may be lost in a crash: the broker's own tails tell it again
            await conn.execute("SET synchronous_commit = off")
            await conn.add_listener(CHANNEL, self._ring)
            try:
                yield conn
            finally:
                with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                    await conn.remove_listener(CHANNEL, self._ring)
                    await conn.execute("SELECT pg_advisory_unlock($1)", LOCK)

    def _ring(self, *_notice: object) -> None:
        self._wake.ring()

    @contextlib.asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = make_producer(self._kafka)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    async def _carry(self, conn: Connection, producer: AIOKafkaProducer) -> None:
        carrying = await self._begin(conn, producer)
        try:
            while True:
                seen = self._wake.count
                if not await self._page(carrying):
                    await self._rest(carrying)
                    await self._wake.wait(seen, timeout=0.5)
        finally:
            carrying.sending.abandon()

    async def _page(self, carrying: Carrying) -> bool:
        """Read the next page while the one before is on its way; False when there is none."""
        reached = carrying.place.copy()
        page = await number_page(carrying.conn, carrying.place, carrying.page_size)
        if await carrying.sending.arrived():
            await self._arrived(carrying, reached)
        carrying.sending.send(page)
        if page:
            size = sum(len(event.envelope) for event in page) // len(page)
            carrying.page_size = max(100, min(PAGE, PAGE_BYTES // (size + 1)))
        return bool(page)

    def _well(self) -> None:
        self.told.running, self.told.last_error, self.told.failures = True, None, 0

    async def _arrived(self, carrying: Carrying, reached: Place) -> None:
        self._well()
        carrying.dirty = True
        total = sum(reached.numbers)
        if total - carrying.marked >= MARK_EVERY:
            await mark(carrying.conn, reached)
            carrying.marked = total
        if _clock() - carrying.stored_at > STORE_EVERY:
            await self._store(carrying, reached)

    async def _store(self, carrying: Carrying, reached: Place) -> None:
        await store_place(carrying.conn, reached)
        carrying.stored_at, carrying.dirty = _clock(), False

    async def _rest(self, carrying: Carrying) -> None:
        """Nothing is left to send: write down where we are, and look at the topic now and then."""
        self._well()
        if carrying.dirty:
            await self._store(carrying, carrying.place)
        if _clock() - carrying.looked_at > LOOK_EVERY:
            await self._look(carrying)

    async def _look(self, carrying: Carrying) -> None:
        """Raises LossDetectedError when the topic is another one or lacks what it acknowledged."""
        topic = await self._described()
        short = [p for p, end in carrying.sending.ends.items() if topic.ends[p] < end]
        if short or topic.topic_id != carrying.topic_id:
            raise LossDetectedError(f"{self._topic} was made again or has lost its end: {short}")
        carrying.looked_at = _clock()

    async def _begin(self, conn: Connection, producer: AIOKafkaProducer) -> Carrying:
        """Find out what the broker has, and from where to count."""
        topic = await self._described()
        lasts = await last_records(self._kafka, self._topic, {**topic.ends, **self._lost})
        held = [lasts[p].number or 0 if p in lasts else 0 for p in range(self._partitions)]
        place = await stored_place(conn, self._partitions)
        behind = [p for p in range(self._partitions) if held[p] < place.numbers[p]]
        if behind or self._lost:
            place = await place_before(conn, held, self._partitions)
            self.told.partitions_republished += len(behind)
            logger.warning("relay_publishes_again", topic=self._topic, partitions=behind)
        for partition, last in lasts.items():
            if held[partition] > place.numbers[partition]:
                await self._expect_in_log(conn, last)
        self._lost = {}
        sending = Sending(
            producer, self._topic, self._log.service, held, dict(topic.ends), self._lost, self._count, lasts
        )
        return Carrying(conn, sending, place, topic.topic_id, sum(place.numbers), _clock())

    def _count(self, records: int) -> None:
        self.told.sent += records

    async def _described(self) -> Topic:
        topic = (await self._topics.describe([self._topic]))[self._topic]
        if sorted(topic.ends) != list(range(self._partitions)):
            raise LossDetectedError(f"{self._topic} has partitions {sorted(topic.ends)}")
        return topic

    async def _expect_in_log(self, conn: Connection, last: Record) -> None:
        """A record that we have no note of must at least be in the log, or the log has lost events."""
        size = await conn.fetchval(
            "SELECT max(first_index + events) FROM eventlog.run JOIN eventlog.log USING (log_id)"
            " WHERE organisation = $1",
            last.log.rpartition("/")[0],
        )
        if last.index is None or last.index >= (size or 0):
            raise LossDetectedError(f"the broker holds {last.log}/{last.index}, the log does not")


def _clock() -> float:
    return asyncio.get_running_loop().time()
