"""The relay: sequenced events to acknowledged records, beside confluent-kafka sending the same with the same guarantees."""

import asyncio
import time

import asyncpg
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.append import bulk, envelopes
from benchmarks.results import ROUNDS, Results, median
from eventlog.kafka import Kafka
from eventlog.numbering import beginning, number_page
from eventlog.relay import Relay
from eventlog.store import EventLog
from localpound.stack.testing import Servers

COUNT = 50_000
TOPIC = "bench.events"


def admin(servers: Servers) -> dict[str, str]:
    """The stack's own access to the broker, as librdkafka wants it."""
    return {
        "bootstrap.servers": servers.kafka_servers,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "admin",
        "sasl.password": servers.kafka_password("admin"),
    }


def peer(servers: Servers, records: list[tuple[str, bytes, list[tuple[str, bytes]]]]) -> float:
    """Records a second by confluent-kafka: idempotent, acknowledged by all, keyed by stream."""
    producer = Producer(
        {**admin(servers), "enable.idempotence": True, "linger.ms": 5, "queue.buffering.max.messages": 200_000}
    )
    began = time.perf_counter()
    for key, value, headers in records:
        producer.produce(TOPIC, value=value, key=key, headers=headers)
        producer.poll(0)
    producer.flush()
    return len(records) / (time.perf_counter() - began)


async def ours(log: EventLog, kafka: Kafka) -> float:
    """Events a second from the log to acknowledged, the read from PostgreSQL and the start included."""
    relay = Relay(log, kafka, "spend.events")
    began = time.perf_counter()
    task = asyncio.create_task(relay.run())
    while (await relay.status())["sent"] < COUNT:
        await asyncio.sleep(0.02)
    found = COUNT / (time.perf_counter() - began)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return found


def spend_kafka(servers: Servers) -> Kafka:
    """The spend service's own access to the broker."""
    return Kafka(servers=servers.kafka_servers, username="spend", password=servers.kafka_password("spend"))


async def run(servers: Servers, results: Results) -> None:
    """Interleaved rounds on a growing log."""
    topics = AdminClient(admin(servers))
    topics.create_topics([NewTopic(TOPIC, 12, 1)])[TOPIC].result(30)
    own, theirs = [], []
    async with asyncpg.create_pool(servers.url("spend", "spend"), min_size=3, max_size=6) as pool:
        log = EventLog("spend", pool)
        for _ in range(ROUNDS):
            rows = envelopes(COUNT)
            await bulk(log, rows)
            headers = [
                ("content-type", b"application/cloudevents+json"),
                ("log", b"x"),
                ("index", b"1"),
                ("relay", b"1"),
            ]
            own.append(await ours(log, spend_kafka(servers)))
            theirs.append(peer(servers, [(stream, value, headers) for stream, _, value in rows]))
        async with pool.acquire() as conn:
            assert await number_page(conn, beginning(12), 1), "the log holds what was relayed"
    results.compare(
        "relay, log to acknowledged", median(own), "events/s",
        against=("confluent-kafka, idempotent, acks=all", median(theirs)), at_least=0.4,
    )  # fmt: skip
