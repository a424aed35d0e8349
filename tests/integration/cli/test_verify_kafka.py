"""From Kafka alone: what is on a topic is put back into the order of its logs, or what is wrong is said."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from localpound.reconciliation import Amount, Counted
from localpound.stack.testing import Servers
from localpound.verify.findings import Gravity, verdict
from localpound.verify.kafka import KafkaAccess, KafkaSource, consume
from localpound.verify.log_check import Head
from localpound.verify.run import Verification, verify
from tests.unit.cli.logs import envelopes, head_of

VALUES = envelopes(3)
HEAD = head_of(VALUES)
LOG = "GB-LAE-SLF/spend"


@dataclass(frozen=True, slots=True)
class Sent:
    """A record as a relay sends it; two partitions take the payments in turn."""

    index: int
    value: bytes
    partition: int
    relay: int
    stream: str
    headers: tuple[str, ...] = field(default=("log", "index", "relay"))

    def written(self) -> list[tuple[str, bytes]]:
        values = {"log": LOG.encode(), "index": b"%d" % self.index, "relay": b"%d" % self.relay}
        return [(name, values[name]) for name in self.headers]


def relayed() -> list[Sent]:
    numbers = [0, 0]
    sent = []
    for index, value in enumerate(VALUES):
        payment = index // 2
        numbers[payment % 2] += 1
        sent.append(Sent(index, value, payment % 2, numbers[payment % 2], f"payment/P{payment}"))
    return sent


@pytest.fixture
async def service(running: Servers) -> AsyncIterator[str]:
    """A service whose topic is empty."""
    name = f"verify{uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(**access(running).settings())
    await admin.start()
    await admin.create_topics([NewTopic(f"{name}.events", 2, 1)])
    yield name
    await admin.delete_topics([f"{name}.events"])
    await admin.close()


def access(running: Servers) -> KafkaAccess:
    return KafkaAccess(running.kafka_servers, "admin", running.kafka_password("admin"))


async def send(running: Servers, service: str, records: list[Sent]) -> None:
    async with AIOKafkaProducer(**access(running).settings()) as producer:
        for each in records:
            await producer.send_and_wait(
                f"{service}.events",
                each.value,
                key=each.stream.encode(),
                partition=each.partition,
                headers=each.written(),
            )


async def verified(running: Servers, service: str, recorded: Head | None = HEAD) -> Verification:
    heads = {} if recorded is None else {recorded.name: recorded}
    return await asyncio.to_thread(lambda: verify(KafkaSource(service, access(running), heads), {}))


def what(found: Verification) -> list[str]:
    return [finding.what for finding in found.findings]


async def test_a_topic_as_the_relay_wrote_it_has_the_recorded_root(running: Servers, service: str) -> None:
    await send(running, service, relayed())
    found = await verified(running, service)
    assert what(found) == []
    (log,) = found.logs
    assert (log.log, log.events, log.root) == (LOG, 6, HEAD.root)


async def test_events_beyond_the_recorded_size_are_left_for_next_time(running: Servers, service: str) -> None:
    await send(running, service, relayed())
    found = await verified(running, service, head_of(VALUES[:4]))
    assert what(found) == []
    assert [log.events for log in found.logs] == [4]


async def test_without_a_recorded_root_a_missing_tail_cannot_be_noticed_and_that_is_said(
    running: Servers, service: str
) -> None:
    await send(running, service, relayed()[:5])
    found = await verified(running, service, None)
    assert what(found) == ["no recorded size and root to compare with: a tail that is missing cannot be noticed"]
    assert verdict(found.findings) == Gravity.UNREAD
    assert found.logs[0].root == head_of(VALUES[:5]).root


async def test_the_same_record_twice_is_no_contradiction(running: Servers, service: str) -> None:
    await send(running, service, [*relayed(), relayed()[5]])
    assert what(await verified(running, service)) == []


def lagging(sent: list[Sent]) -> list[Sent]:
    return sent[:-1]


def flipped(sent: list[Sent]) -> list[Sent]:
    return [replace(sent[0], value=sent[0].value.replace(b"70000", b"70001")), *sent[1:]]


def without_one(sent: list[Sent]) -> list[Sent]:
    return sent[1:]


def sent_again_otherwise(sent: list[Sent]) -> list[Sent]:
    return [*sent, replace(sent[5], value=sent[5].value.replace(b"C1", b"C2"))]


def bare(sent: list[Sent]) -> list[Sent]:
    return [*sent, replace(sent[0], headers=("log", "index"))]


def under_another_key(sent: list[Sent]) -> list[Sent]:
    return [replace(sent[0], stream="payment/P9"), *sent[1:]]


def out_of_order(sent: list[Sent]) -> list[Sent]:
    return [replace(sent[1], index=0), replace(sent[0], index=1), *sent[2:]]


@pytest.mark.parametrize(
    ("tamper", "gravity", "said"),
    [
        (lagging, Gravity.UNREAD, "1 events are not here, or not yet"),
        (flipped, Gravity.CONTRADICTS, "the tree over the events has another root than the recorded one"),
        (without_one, Gravity.CONTRADICTS, "relay numbers 1 to 1 are not on the topic"),
        (sent_again_otherwise, Gravity.CONTRADICTS, "GB-LAE-SLF/spend/5 was sent before with other bytes"),
        (bare, Gravity.CONTRADICTS, "lacks its log, index or relay number"),
        (under_another_key, Gravity.CONTRADICTS, "is kept under stream payment/P9, but its bytes say payment/P0"),
        (out_of_order, Gravity.CONTRADICTS, "is version 2 of payment/P0, where 1 was due"),
    ],
)
async def test_what_is_wrong_with_a_topic_is_said(
    running: Servers, service: str, tamper: Callable[[list[Sent]], list[Sent]], gravity: Gravity, said: str
) -> None:
    await send(running, service, tamper(relayed()))
    found = await verified(running, service)
    assert said in what(found)
    assert verdict(found.findings) == gravity


async def test_a_topic_that_is_not_there_contradicts_nothing(running: Servers) -> None:
    found = await verified(running, "nobody")
    assert verdict(found.findings) == Gravity.UNREAD


async def test_a_topic_is_counted_file_by_file(running: Servers, service: str) -> None:
    await send(running, service, relayed())
    counted = Counted()
    assert await consume(service, access(running), lambda record: counted.see(record.value)) == []
    assert counted.recorded == {"f" * 64: Amount(3, 210_000)}
