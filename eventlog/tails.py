"""What is the last thing that each partition holds? Read back when a relay starts."""

import asyncio
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaTimeoutError

from eventlog.kafka import Kafka
from eventlog.records import Record, from_kafka

LOOK_BACK = 64
"""Records among which one of a relay must be; others are not ours and have no number."""


async def last_records(kafka: Kafka, topic: str, ends: Mapping[int, int], timeout: float = 20.0) -> dict[int, Record]:
    """Each partition's last record before the given offset that a relay sent.

    Raises KafkaTimeoutError when they cannot be read in time (seconds).
    """
    consumer = AIOKafkaConsumer(**kafka.client(), enable_auto_commit=False, auto_offset_reset="earliest")
    consumer.assign([TopicPartition(topic, number) for number in ends])
    await consumer.start()
    try:
        async with asyncio.timeout(timeout):
            begins = await consumer.beginning_offsets(consumer.assignment())
            wanted = {p: ends[p.partition] for p in begins if ends[p.partition] > begins[p]}
            found: dict[int, Record] = {}
            for back in (1, LOOK_BACK):
                missing = [place for place in wanted if place.partition not in found]
                for place in missing:
                    consumer.seek(place, max(begins[place], wanted[place] - back))
                found |= await _read_up_to(consumer, {place: wanted[place] for place in missing})
            return found
    except TimeoutError as error:
        raise KafkaTimeoutError(f"the tail of {topic} cannot be read") from error
    finally:
        await consumer.stop()


async def _read_up_to(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> dict[int, Record]:
    """The last numbered record of each partition between where we stand and an offset."""
    found: dict[int, Record] = {}
    unread = set(ends)
    while unread:
        batch = await consumer.getmany(*unread, timeout_ms=500)
        for place, records in batch.items():
            for record in records:
                if record.offset < ends[place] and (read := from_kafka(record)).number is not None:
                    found[place.partition] = read
        unread = {place for place in unread if await consumer.position(place) < ends[place]}
    return found
