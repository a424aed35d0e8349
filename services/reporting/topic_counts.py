"""How much of each source file is on a topic? Counted from its first record to its end, never from what was made of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from eventlog.codec import Codec
from eventlog.envelope import open_envelope
from eventlog.errors import LossDetectedError, UnreadableFactError
from eventlog.kafka import Kafka, Topic, Topics
from schemas.contracts import ContractAwarded, ContractRestated
from schemas.spend import PaymentCorrected, PaymentRecorded

BATCH = 5_000
LINGER = 0.1  # seconds for which a batch may fill
SILENCE = 30.0  # seconds without a record after which the broker is taken to be away

Place = tuple[str, str]
"""An organisation and a source file; the empty name stands for what machines posted, in no file."""


@dataclass(slots=True)
class FileCount:
    """What a topic holds of one source file."""

    rows: int = 0
    pence: int = 0
    unreadable_rows: int = 0
    """Rows without an amount that could be read: in no sum of pence."""


@dataclass(slots=True)
class Tally:
    """Adds up records; an event that was delivered twice counts once."""

    files: dict[Place, FileCount] = field(default_factory=dict)
    records: int = 0
    unreadable_records: int = 0
    _seen: set[tuple[str, int]] = field(default_factory=set)
    _codec: Codec = field(
        default_factory=lambda: Codec(PaymentRecorded, PaymentCorrected, ContractAwarded, ContractRestated)
    )

    def take(self, log: str, index: int, value: bytes) -> None:
        """Take one record."""
        self.records += 1
        if (log, index) in self._seen:
            return
        self._seen.add((log, index))
        try:
            envelope = open_envelope(value)
            fact = self._codec.decode(envelope) if self._codec.knows(envelope.type) else None
        except UnreadableFactError:
            self.unreadable_records += 1
            return
        match fact:
            case PaymentRecorded():
                self._add(envelope.organisation, fact.file_id or "", fact.net_pence)
            case PaymentCorrected():
                self._add(envelope.organisation, fact.file_id, fact.net_pence)
            case ContractAwarded() | ContractRestated():
                self._add(envelope.organisation, fact.file_id, fact.value_pence)

    def _add(self, organisation: str, file_id: str, pence: int | None) -> None:
        count = self.files.setdefault((organisation, file_id), FileCount())
        count.rows += 1
        count.pence += pence or 0
        count.unreadable_rows += pence is None

    def told(self, organisation: str | None) -> dict[str, Any]:
        """The counts of one organisation's files, or of all."""
        chosen = {place: count for place, count in sorted(self.files.items()) if organisation in {None, place[0]}}
        return {
            "records": self.records,
            "unreadable_records": self.unreadable_records,
            "files": [{"organisation": o, "file_id": f, **asdict(count)} for (o, f), count in chosen.items()],
        }


class TopicCounts:
    """Counts topics; a topic that has not grown since is not read again."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka
        self._topics = Topics(kafka)
        self._known: dict[str, tuple[Topic, Tally]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def count(self, name: str) -> Tally:
        """A topic's records up to its present end. Raises LossDetectedError when they cannot be read."""
        async with self._one_at_a_time:
            try:
                topic = (await self._topics.describe([name]))[name]
                known = self._known.get(name)
                if known is None or known[0] != topic:
                    known = self._known[name] = topic, await asyncio.to_thread(self._read, topic)
            except KafkaException as error:
                raise LossDetectedError(f"{name} cannot be read now") from error
            return known[1]

    def _read(self, topic: Topic) -> Tally:
        tally = Tally()
        settings = {"group.id": "reporting.count", "enable.auto.commit": False, "auto.offset.reset": "earliest"}
        consumer = Consumer({**self._kafka.administration(), **settings})
        try:
            left = {partition: end for partition, end in topic.ends.items() if end > 0}
            consumer.assign([TopicPartition(topic.name, partition, 0) for partition in left])
            heard = monotonic()
            while left:
                messages = consumer.consume(BATCH, LINGER)
                if messages:
                    heard = monotonic()
                elif monotonic() - heard > SILENCE:
                    raise LossDetectedError(f"{topic.name} was not read to its end")
                for message in messages:
                    _take(tally, message, left)
        finally:
            consumer.close()
        return tally


def _take(tally: Tally, message: Message, left: dict[int, int]) -> None:
    if message.error():
        raise KafkaException(message.error())
    partition, end = message.partition(), left.get(message.partition(), 0)
    if message.offset() + 1 >= end:
        left.pop(partition, None)
    if message.offset() < end:
        headers: Mapping[str, bytes] = dict(message.headers() or ())
        index = headers.get("index", b"")
        if index.isdigit() and headers.get("log"):
            tally.take(headers["log"].decode(errors="replace"), int(index), message.value() or b"")
        else:
            tally.records += 1
            tally.unreadable_records += 1
