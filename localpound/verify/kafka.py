"""Events from Kafka alone: every record of a service's topic, put back into the order of its logs."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from localpound.verify.entry import examine
from localpound.verify.findings import Finding, contradiction, unread
from localpound.verify.log_check import Head, Placed


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """Where the brokers are, and as whom to read."""

    servers: str
    username: str = ""
    password: str = field(default="", repr=False)

    def settings(self) -> dict[str, object]:
        """What the consumer must be told."""
        if not self.username:
            return {"bootstrap_servers": self.servers}
        return {
            "bootstrap_servers": self.servers,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password,
        }


@dataclass(slots=True)
class TopicReading:
    """What one topic holds, as its records come in; each partition in the order of its offsets."""

    service: str
    logs: defaultdict[str, dict[int, Placed]] = field(default_factory=lambda: defaultdict(dict))
    relayed: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    repeated: int = 0
    findings: list[Finding] = field(default_factory=list)

    def take(self, record: ConsumerRecord) -> None:
        """Examine one record; a repeated delivery of the same bytes is allowed, and counted."""
        where = f"{record.topic}/{record.partition}, offset {record.offset}"
        headers = {name: value.decode("ascii", "replace") for name, value in record.headers}
        log, index, relay = (headers.get(name, "") for name in ("log", "index", "relay"))
        if not (log and index.isdecimal() and relay.isdecimal()) or record.value is None:
            self.findings.append(contradiction(where, "lacks its log, index or relay number"))
            return
        self._check_relay(where, record.partition, int(relay))
        key = None if record.key is None else record.key.decode("utf-8", "replace")
        self._place(where, log, Placed(int(index), examine(record.value), key))

    def _check_relay(self, where: str, partition: int, number: int) -> None:
        expected = self.relayed[partition] + 1
        if number > expected:
            self.findings.append(contradiction(where, f"relay numbers {expected} to {number - 1} are not on the topic"))
        self.relayed[partition] = max(self.relayed[partition], number)

    def _place(self, where: str, log: str, placed: Placed) -> None:
        earlier = self.logs[log].setdefault(placed.index, placed)
        if earlier is placed:
            return
        self.repeated += 1
        if earlier.event.leaf != placed.event.leaf:
            self.findings.append(contradiction(where, f"{log}/{placed.index} was sent before with other bytes"))


class KafkaSource:
    """One service's topic, read from its first record to its present end."""

    may_lag = True

    def __init__(self, service: str, access: KafkaAccess, recorded: Mapping[str, Head] | None = None) -> None:
        """`recorded`: heads by log name that a service published *before* the topic is read."""
        self.name = f"Kafka, {service}.events"
        self._service = service
        self._access = access
        self._recorded = dict(recorded or {})
        self._reading = TopicReading(service)

    def heads(self) -> Sequence[Head]:
        """The logs whose events are on the topic, or ought to be."""
        self._reading = asyncio.run(read_topic(self._service, self._access))
        names = sorted({*self._reading.logs, *(n for n, head in self._recorded.items() if head.size)})
        return [self._recorded.get(name) or _unrecorded(name) for name in names]

    def events(self, head: Head) -> Iterator[Placed]:
        """The log's events by index, up to the size that is recorded for it."""
        placed = self._reading.logs.get(head.name, {})
        limit = len(placed) if head.size is None else head.size
        return (placed[index] for index in sorted(placed) if head.size is None or index < limit)

    def tiles(self, head: Head) -> Iterable[tuple[int, int, bytes]] | None:
        """Kafka carries no tiles."""
        del head
        return None

    def findings(self) -> Sequence[Finding]:
        """What the topic's own numbers say."""
        alone = [
            unread(name, "no recorded size and root to compare with: a tail that is missing cannot be noticed")
            for name in sorted(self._reading.logs.keys() - self._recorded.keys())
        ]
        return [*self._reading.findings, *alone]


def _unrecorded(name: str) -> Head:
    organisation, _, service = name.partition("/")
    return Head(organisation, service, None, None)


async def read_topic(service: str, access: KafkaAccess) -> TopicReading:
    """Consume a topic whole and examine every record."""
    reading = TopicReading(service)
    reading.findings += await consume(service, access, reading.take)
    return reading


async def consume(
    service: str, access: KafkaAccess, take: Callable[[ConsumerRecord], None], idle: float = 30.0
) -> list[Finding]:
    """Read a service's topic from its first record to its present end, as nobody's consumer group.

    The findings say what could not be read; `idle` seconds without a record end it.
    """
    topic = f"{service}.events"
    async with AIOKafkaConsumer(**access.settings()) as consumer:
        if topic not in await consumer.topics():
            return [unread(topic, "there is no such topic, or it may not be read")]
    async with AIOKafkaConsumer(
        topic, enable_auto_commit=False, auto_offset_reset="earliest", max_poll_records=5_000, **access.settings()
    ) as consumer:
        return await _consume(consumer, take, idle)


async def _consume(consumer: AIOKafkaConsumer, take: Callable[[ConsumerRecord], None], idle: float) -> list[Finding]:
    partitions = sorted(consumer.assignment())
    await consumer.seek_to_beginning(*partitions)
    ends = await consumer.end_offsets(partitions)
    waiting = {partition for partition in partitions if await consumer.position(partition) < ends[partition]}
    while waiting:
        batches = await consumer.getmany(*waiting, timeout_ms=int(idle * 1000))
        if not batches:
            return [unread(f"{p.topic}/{p.partition}", "did not answer to its end") for p in sorted(waiting)]
        for records in batches.values():
            for record in records:
                take(record)
        waiting = {p for p in waiting if await consumer.position(p) < ends[p]}
    return []
