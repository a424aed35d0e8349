"""Numbered events → batches built by hand, each partition in order, acknowledged before the next."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer

from eventlog import clock
from eventlog.errors import LossDetectedError
from eventlog.kafka import Kafka
from eventlog.numbering import Numbered
from eventlog.records import Record, headers

BATCH_BYTES = 512 * 1024


def make_producer(kafka: Kafka) -> AIOKafkaProducer:
    """A producer that neither repeats nor reorders while it lives."""
    return AIOKafkaProducer(
        **kafka.client(),
        acks="all",
        enable_idempotence=True,
        max_batch_size=BATCH_BYTES,
        max_request_size=4 * BATCH_BYTES,
        request_timeout_ms=10_000,
        retry_backoff_ms=200,
    )


@dataclass(slots=True)
class Sending:
    """What is on the broker, and what is on its way there."""

    producer: AIOKafkaProducer
    topic: str
    service: str
    held: list[int]
    """The number of each partition's last record on the broker."""
    ends: dict[int, int]
    """The offset that each partition's next record must get."""
    lost: dict[int, int]
    """Partitions found shorter than acknowledged, with the offset at which the loss ends."""
    count: Callable[[int], None]
    tails: dict[int, Record]
    """Each partition's last record, until we come by it in the log and see that it is the same event."""
    flying: list["asyncio.Task[None]"] = field(default_factory=list)

    def send(self, page: list[Numbered]) -> None:
        """Put a page on its way; what the broker has already is left out."""
        now = int(clock.now().timestamp() * 1000)
        logs: dict[str, bytes] = {}
        parted: dict[int, list[Numbered]] = {}
        for event in page:
            if self.tails:
                self._agree(event)
            if event.number > self.held[event.partition]:
                parted.setdefault(event.partition, []).append(event)
                if event.organisation not in logs:
                    logs[event.organisation] = f"{event.organisation}/{self.service}".encode()
        lanes = (self._lane(partition, events, logs, now) for partition, events in parted.items())
        self.flying = [asyncio.create_task(lane) for lane in lanes]

    def _agree(self, event: Numbered) -> None:
        tail = self.tails.get(event.partition)
        if tail is None or event.number < (tail.number or 0):
            return
        del self.tails[event.partition]
        if event.number == tail.number and event.envelope != tail.value:
            where = f"{self.topic}/{event.partition}"
            raise LossDetectedError(f"{where} holds another event as number {event.number} than the log")

    async def arrived(self) -> bool:
        """Wait until all that is on its way is acknowledged; False when nothing was.

        Raises KafkaError, and LossDetectedError when a partition has lost its end.
        """
        flying, self.flying = self.flying, []
        if not flying:
            return False
        for error in await asyncio.gather(*flying, return_exceptions=True):
            if isinstance(error, BaseException):
                raise error
        return True

    def abandon(self) -> None:
        """Let go of what is on its way; the next relay will see what of it arrived."""
        for lane in self.flying:
            lane.cancel()

    async def _lane(self, partition: int, events: list[Numbered], logs: dict[str, bytes], now: int) -> None:
        """One partition's events of a page; a batch goes when the one before it is acknowledged."""
        batch = self.producer.create_batch()
        for event in events:
            head = headers(logs[event.organisation], event.index, event.number)
            key = event.stream.encode()
            if batch.append(key=key, value=event.envelope, timestamp=now, headers=head) is None:
                await self._ship(partition, batch)
                batch = self.producer.create_batch()
                batch.append(key=key, value=event.envelope, timestamp=now, headers=head)
        await self._ship(partition, batch)
        self.held[partition] = events[-1].number

    async def _ship(self, partition: int, batch: Any) -> None:
        batch.close()
        count = batch.record_count()
        sent = await (await self.producer.send_batch(batch, self.topic, partition=partition))
        expected = self.ends[partition]
        self.ends[partition] = sent.offset + count
        self.count(count)
        if sent.offset < expected:
            self.lost[partition] = sent.offset
            raise LossDetectedError(f"{self.topic}/{partition} ended at {sent.offset}, not at {expected}")
