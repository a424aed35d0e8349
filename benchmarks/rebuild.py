"""Building a read model anew from Kafka, beside consuming the same records and doing nothing."""

import asyncio
import time

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.results import ROUNDS, Results, median
from eventlog.codec import Codec, facts_in
from eventlog.kafka import Kafka
from eventlog.projections import Runtime
from localpound.stack.testing import Servers
from schemas import spend
from services.reporting.read_models.compliance import compliance


def reporting_kafka(servers: Servers) -> Kafka:
    """Reporting's own access to the broker."""
    return Kafka(servers=servers.kafka_servers, username="reporting", password=servers.kafka_password("reporting"))


async def consume_only(kafka: Kafka) -> tuple[int, float]:
    """How many records there are, and records a second of reading them."""
    consumer = AIOKafkaConsumer(**kafka.client(), auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    places = [TopicPartition("spend.events", partition) for partition in range(12)]
    consumer.assign(places)
    ends = await consumer.end_offsets(places)
    total, seen = sum(ends.values()), 0
    began = time.perf_counter()
    await consumer.seek_to_beginning(*places)
    while seen < total:
        got = await consumer.getmany(timeout_ms=500, max_records=20_000)
        seen += sum(len(records) for records in got.values())
    found = total / (time.perf_counter() - began)
    await consumer.stop()
    return total, found


async def run(servers: Servers, results: Results) -> None:
    """One process; the records are those that the relay's measurement left."""
    kafka = reporting_kafka(servers)
    built, consumed = [], []
    async with asyncpg.create_pool(servers.url("reporting", "reporting"), min_size=3, max_size=8) as pool:
        runtime = Runtime(pool, kafka, [compliance], Codec(*facts_in(spend)), "reporting", reader="gateway_reader")
        task = asyncio.create_task(runtime.run())
        while not await _live(runtime):
            await asyncio.sleep(0.1)
        for _ in range(ROUNDS):
            total, rate = await consume_only(kafka)
            consumed.append(rate)
            began = time.perf_counter()
            done = await runtime.rebuild("compliance")
            built.append(total / (time.perf_counter() - began))
            assert done.equal, "the rebuilt read model equals the live one"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    results.compare(
        "rebuild from Kafka, one process", median(built), "events/s",
        against=("consuming only, aiokafka", median(consumed)), at_least=0.3,
    )  # fmt: skip


async def _live(runtime: Runtime) -> bool:
    told = (await runtime.status()).get("compliance") or {}
    return told.get("state") == "live" and bool(told.get("lag")) and sum(told["lag"].values()) == 0
