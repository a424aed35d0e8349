"""One generation's consumer: FastStream in batches, read from the positions kept beside the rows.

The group's own offsets decide nothing; they are committed for tools that show lag. FastStream's
parser and decoder are passed by, because bytes are decoded once, by us.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import asyncpg
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage

from eventlog.kafka import Kafka
from eventlog.lanes import Lanes
from eventlog.log import get_logger
from eventlog.positions import assigned_positions
from eventlog.records import from_kafka

LIVE_RECORDS, BUILDING_RECORDS = 2_000, 10_000
LIVE_BYTES, BUILDING_BYTES = 64 * 1024, 512 * 1024
"""Held in memory for every partition and read model, and unpacked that is ten times as much; one build runs at a
time, as a rule, and with little at once it would take half as long again."""
LIVE_BEAT_MS, BUILDING_BEAT_MS = 1_500, 500  # a process that joins a build is given its partitions at the next beat
SICK = 8
WAIT_MS = 20  # FastStream sleeps as long again after an empty poll: this is what an idle reader adds

logger = get_logger()


class NoLogger:
    """FastStream's own lines say nothing that ours do not."""

    def log(self, *_args: Any, **_kwargs: Any) -> None:
        """Say nothing."""


def make_broker(kafka: Kafka) -> KafkaBroker:
    """What the consumers of a process are made from; it connects to nothing by itself."""
    return KafkaBroker(
        kafka.servers,
        security=kafka.broker_security(),
        ack_policy=AckPolicy.MANUAL,
        apply_types=False,
        consumer_only=True,
        allow_auto_create_topics=False,
        graceful_timeout=2.0,
        retry_backoff_ms=250,
        metadata_max_age_ms=5_000,  # a topic that was away when the group met is seen soon again
        logger=None,
    )


class SeekToPositions(ConsumerRebalanceListener):  # type: ignore[misc]
    """Whatever the group remembers, reading goes on where the rows are."""

    def __init__(self, consuming: "Consuming") -> None:
        self._consuming = consuming

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Nothing is owed: positions are stored with the rows."""

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Seek before the first fetch."""
        await self._consuming.seek(assigned)


class Consuming:
    """A generation's consumer, started and stopped as a whole."""

    def __init__(
        self,
        broker: KafkaBroker,
        pool: asyncpg.Pool,
        applier: Lanes,
        topic_ids: Mapping[str, str],
        group: str,
        instance: str | None,
    ) -> None:
        generation = applier.generation
        live = generation.state == "live"
        self._pool = pool
        self._topic_ids = dict(topic_ids)
        self._broker = broker
        self.applier = applier
        self.topic_ids = self._topic_ids
        self._refused = 0
        self._subscriber = broker.subscriber(
            *topic_ids,
            batch=True,
            group_id=f"{group}.{generation.schema}",
            group_instance_id=instance,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            max_records=LIVE_RECORDS if live else BUILDING_RECORDS,
            batch_timeout_ms=WAIT_MS,
            max_partition_fetch_bytes=LIVE_BYTES if live else BUILDING_BYTES,
            session_timeout_ms=6_000,
            heartbeat_interval_ms=LIVE_BEAT_MS if live else BUILDING_BEAT_MS,
            listener=SeekToPositions(self),
            parser=_unparsed,
            decoder=_undecoded,
            persistent=False,
        )
        self._subscriber(self._take)

    async def start(self) -> None:
        """Join the group. Raises KafkaError when the broker is away."""
        await self._subscriber.start()

    async def stop(self) -> None:
        """Leave; what is under way has two seconds to be committed."""
        with contextlib.suppress(KafkaError, TimeoutError):
            await asyncio.wait_for(self._subscriber.stop(), 10)

    async def seek(self, assigned: set[TopicPartition]) -> None:
        """Put every partition where the rows are; a topic made again is read from its beginning."""
        partitions = sorted((place.topic, place.partition) for place in assigned)
        consumer = self._subscriber.consumer
        if not partitions or consumer is None:
            return
        consumer.pause(*assigned)  # or the first fetch may begin where the group stands
        reached = await self._positions(partitions)
        self.applier.forget(partitions)
        for (topic, partition), place in reached.items():
            consumer.seek(TopicPartition(topic, partition), place.next_offset)
        consumer.resume(*assigned)

    async def _positions(self, partitions: list[tuple[str, int]]) -> Any:
        while True:
            try:
                async with self._pool.acquire() as conn, conn.transaction():
                    return await assigned_positions(conn, self.applier.generation, self._topic_ids, partitions)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("positions_not_read", reason=type(error).__name__)
                await asyncio.sleep(0.5)

    async def commit_for_tools(self) -> None:
        """Tell the group where we are: nobody relies on it, but a consumer that cannot is sick."""
        consumer = self._subscriber.consumer
        try:
            if consumer is not None:
                await asyncio.wait_for(consumer.commit(), 2)
            self._refused = 0
        except (KafkaError, TimeoutError):
            self._refused += 1

    @property
    def sick(self) -> bool:
        """Whether the group has not known this consumer for some time: it is to be made anew."""
        return self._refused >= SICK

    async def _take(self, message: KafkaMessage) -> None:
        raw: Any = message.raw_message
        await self.applier.take(map(from_kafka, raw))


async def _unparsed(raw: Any) -> KafkaMessage:
    return KafkaMessage(raw, b"", correlation_id="-", message_id="-", consumer=FAKE_CONSUMER)


async def _undecoded(message: KafkaMessage) -> KafkaMessage:
    return message
