"""The relay carries every event once, in order, whatever is lost on the way."""

import asyncio
from itertools import groupby

import pytest

from eventlog.errors import LossDetectedError
from eventlog.kafka import partition_of
from eventlog.numbering import partition_events
from eventlog.records import Record, from_feed
from eventlog.relay import Relay
from tests.builders import SALFORD
from tests.integration.eventlog.spine import Running, until


async def settled(spine: Running, relay: Relay, events: int) -> list[Record]:
    """The topic once the relay has nothing left to send."""

    async def done() -> bool:
        status = await relay.status()
        assert status["backlog"] >= 0
        return bool(status["running"]) and status["backlog"] == 0 and await numbers(spine) == events

    await until(done)
    return await spine.records()


async def numbers(spine: Running) -> int:
    return sum([row[0] for row in await spine.log.pool.fetch("SELECT relay_number FROM eventlog.relay")])


def assert_whole(records: list[Record], events: list[tuple[int, bytes]]) -> None:
    """Every event once, each partition's numbers contiguous from 1, each stream in order."""
    assert sorted((r.index, r.value) for r in records) == events
    for _, part in groupby(records, key=lambda r: r.partition):
        listed = list(part)
        assert [r.number for r in listed] == list(range(1, len(listed) + 1))
        assert [r.index for r in listed] == sorted(r.index or 0 for r in listed)
    assert all(r.partition == partition_of(r.stream, 12) for r in records)
    assert {r.log for r in records} == {"GB-LAE-SLF/spend"}


async def test_every_event_arrives_once_and_in_order(spine: Running) -> None:
    relay = spine.relay()
    for first in range(0, 300, 100):
        await spine.record(100, first)
    assert_whole(await settled(spine, relay, 600), await spine.log.read(SALFORD, 0, 1_000))


async def test_a_relay_goes_on_behind_what_the_broker_has(spine: Running) -> None:
    await spine.record(50)
    await settled(spine, spine.relay(), 100)
    await spine.stop()
    # as when it died between the broker's answer and writing it down
    await spine.log.pool.execute("UPDATE eventlog.relay SET relay_number = 0, seq = 0, ordinal = -1")
    await spine.record(20, first=1_000)
    relay = spine.relay()
    assert_whole(await settled(spine, relay, 140), await spine.log.read(SALFORD, 0, 1_000))


async def test_a_wiped_topic_is_published_again_with_the_same_numbers(spine: Running) -> None:
    await spine.record(100)
    relay = spine.relay()
    before = await settled(spine, relay, 200)
    spine.wipe_topic()

    async def again() -> bool:
        return len(await spine.records()) == 200

    await until(again)
    assert await spine.records() == before
    await spine.record(10, first=500)
    assert_whole(await settled(spine, relay, 220), await spine.log.read(SALFORD, 0, 1_000))


async def test_a_second_relay_waits_and_takes_over(spine: Running) -> None:
    first = Relay(spine.log, spine.kafka, spine.topic)
    running = spine.start(first.run())
    await spine.record(10)
    await settled(spine, first, 20)
    second = spine.relay()
    await asyncio.sleep(0.5)
    assert not second.told.running
    running.cancel()
    await spine.record(10, first=10)
    assert_whole(await settled(spine, second, 40), await spine.log.read(SALFORD, 0, 100))


async def test_the_nth_record_of_a_partition_is_found_in_the_log(spine: Running) -> None:
    await spine.record(100)
    records = await settled(spine, spine.relay(), 200)
    third = [r for r in records if r.partition == 3]
    async with spine.log.pool.acquire() as conn:
        given = await partition_events(conn, "spend", 3, 2, 5)
    found = [from_feed(spine.topic, 3, one) for one in given]
    assert [(r.number, r.index, r.stream, r.value) for r in found] == [
        (r.number, r.index, r.stream, r.value) for r in third[1:6]
    ]


@pytest.mark.parametrize(("partition", "first", "count"), [(12, 1, 1), (-1, 1, 1), (0, 0, 1), (0, 2**63, 1), (0, 1, 0)])
async def test_what_no_partition_can_hold_is_nothing(spine: Running, partition: int, first: int, count: int) -> None:
    relay = Relay(spine.log, spine.kafka, spine.topic)
    assert await relay.partition_events(partition, first, count) == []


async def test_a_broker_that_holds_more_than_the_log_stops_the_relay(spine: Running) -> None:
    await spine.produce((0, "payment/x", b"{}", [("log", b"GB-LAE-SLF/spend"), ("index", b"9"), ("relay", b"7")]))
    relay = spine.relay()

    async def told() -> bool:
        return LossDetectedError.__name__ in (relay.told.last_error or "")

    await until(told)
    assert relay.told.sent == 0


async def test_a_broker_that_holds_another_event_than_the_log_stops_the_relay(spine: Running) -> None:
    await spine.record(60)
    heads = [("log", b"GB-LAE-SLF/spend"), ("index", b"9"), ("relay", b"2")]
    await spine.produce((0, "payment/x", b"{}", heads))
    relay = spine.relay()

    async def told() -> bool:
        return "holds another event as number 2" in (relay.told.last_error or "")

    await until(told)
    assert relay.told.sent == 0


@pytest.mark.parametrize("numbered", [True, False])
async def test_records_of_others_at_the_end_are_looked_through(spine: Running, numbered: bool) -> None:
    await spine.record(60)
    before = await settled(spine, spine.relay(), 120)
    await spine.stop()
    last = [r for r in before if r.partition == 5][-1]
    heads = [("log", b"GB-LAE-SLF/spend"), ("index", b"%d" % (last.index or 0)), ("relay", b"%d" % (last.number or 0))]
    await spine.produce((5, last.stream, last.value, heads if numbered else []))
    relay = spine.relay()
    await spine.record(20, first=1_000)
    after = await settled(spine, relay, 160)
    assert len(after) == 161
    kept = [r for r in after if r.number is not None]
    unique = {(r.partition, r.number): r for r in kept}
    assert sorted(r.index or 0 for r in unique.values()) == list(range(160))


async def test_two_relays_at_once_do_no_harm(spine: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the lock were lost: records come twice, but every number stands for the same event."""
    first = spine.relay()
    await spine.record(20)
    await settled(spine, first, 40)
    monkeypatch.setattr("eventlog.relay.LOCK", 7_166_999)
    second = spine.relay()

    async def both() -> bool:
        return second.told.running

    await until(both)
    for n in range(10):
        await spine.record(10, first=100 + 10 * n)
    after = await settled(spine, second, 240)
    assert first.told.last_error is None
    assert second.told.last_error is None
    by_number = {(r.partition, r.number): (r.index, r.value) for r in after}
    assert all(by_number[r.partition, r.number] == (r.index, r.value) for r in after)
    assert sorted(index or 0 for index, _ in by_number.values()) == list(range(240))


async def test_a_partition_that_loses_its_end_is_published_again(spine: Running) -> None:
    """The relay goes on sending; the offset of its next batch tells it what the broker has lost."""
    relay = spine.relay()
    await spine.record(60)
    await settled(spine, relay, 120)
    spine.wipe_topic()  # and at once, before the relay looks
    await spine.record(60, first=60)

    async def again() -> bool:
        return relay.told.sent >= 240

    await until(again)
    after = await settled(spine, relay, 240)
    by_number = {(r.partition, r.number): r.index for r in after if r.number}
    assert sorted(index or 0 for index in by_number.values()) == list(range(240))
