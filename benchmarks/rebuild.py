"""Building a read model anew from Kafka, beside consuming the same records and doing nothing."""

import asyncio
import time
from multiprocessing import get_context

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.results import ROUNDS, Results, median
from eventlog import projections
from eventlog.codec import Codec, facts_in
from eventlog.kafka import Kafka
from eventlog.projections import Runtime
from eventlog.service import spare_the_collector
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


async def _keep(url: str, kafka: Kafka, instance: str) -> None:
    """Another process of the group, as a second one of the service would be."""
    async with asyncpg.create_pool(url, min_size=3, max_size=8) as pool:
        await _runtime(pool, kafka, instance).run()


def _another(url: str, kafka: Kafka) -> None:
    projections.LOOK_EVERY = 0.1  # how soon it learns of a build is not what is measured
    spare_the_collector()
    asyncio.run(_keep(url, kafka, "second"))


def _runtime(pool: asyncpg.Pool, kafka: Kafka, instance: str) -> Runtime:
    codec = Codec(*facts_in(spend))
    return Runtime(pool, kafka, [compliance], codec, "reporting", reader="gateway_reader", instance=instance)


async def _built(pool: asyncpg.Pool, runtime: Runtime) -> tuple[float, float]:
    """Seconds from the order to build until the new build answers, and until both are compared."""
    began = await pool.fetchval("SELECT clock_timestamp()")
    done = await runtime.rebuild("compliance")
    compared = await pool.fetchval("SELECT clock_timestamp()")
    assert done.equal or not done.comparable, "the rebuilt read model equals the live one"
    in_use = await pool.fetchval("SELECT switched_at FROM projection.generation WHERE state = 'live'")
    return (in_use - began).total_seconds(), (compared - began).total_seconds()


async def run(servers: Servers, results: Results) -> None:
    """In one process and in two; the records are those that the relay's measurement left."""
    kafka = reporting_kafka(servers)
    url = servers.url("reporting", "reporting")
    consumed: list[float] = []
    async with asyncpg.create_pool(url, min_size=3, max_size=8) as pool:
        runtime = _runtime(pool, kafka, "first")
        task = asyncio.create_task(runtime.run())
        while not await _live(runtime):
            await asyncio.sleep(0.1)

        async def rounds() -> list[tuple[float, float]]:
            found = []
            for _ in range(ROUNDS):
                total, rate = await consume_only(kafka)
                consumed.append(rate)
                in_use, compared = await _built(pool, runtime)
                found.append((total / in_use, total / compared))
            return found

        alone = await rounds()
        second = get_context("spawn").Process(target=_another, args=(url, kafka), daemon=True)
        second.start()
        await asyncio.sleep(5)  # until it runs and has its partitions of the live build
        together = await rounds()
        second.terminate()
        second.join(30)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    only = ("consuming only, aiokafka", median(consumed))
    results.compare(
        "rebuild from Kafka, one process", median([r for r, _ in alone]), "events/s", against=only, at_least=0.3
    )
    results.compare(
        "the same, two processes", median([r for r, _ in together]), "events/s", against=only, at_least=0.45
    )
    results.compare(
        "the same, until digests are compared", median([r for _, r in alone]), "events/s", against=only, at_least=None
    )


async def _live(runtime: Runtime) -> bool:
    told = (await runtime.status()).get("compliance") or {}
    return told.get("state") == "live" and bool(told.get("lag")) and sum(told["lag"].values()) == 0
