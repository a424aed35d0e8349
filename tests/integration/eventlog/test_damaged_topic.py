"""Whatever becomes of the topic, wiped, repeated, lossy or out of order, a read model misses nothing and counts nothing twice."""

from eventlog.errors import LossDetectedError
from eventlog.records import Record, headers
from tests.integration.eventlog.shown import assert_payments, current, feed, filler, rows, shown, told
from tests.integration.eventlog.spine import Running, payments, until


async def test_a_wiped_topic_changes_nothing(spine: Running) -> None:
    relay = spine.relay()
    runtime = spine.runtime(payments(spine.topic), fill=filler(spine))
    spine.start(runtime.run())
    await spine.record(60)
    await until(shown(spine, 60))
    spine.wipe_topic()

    async def republished() -> bool:
        return relay.told.partitions_republished > 0

    await until(republished)
    await spine.record(40, first=60)
    await until(shown(spine, 100), 60)
    assert_payments(await current(spine), 100)
    ids = await spine.pool.fetch("SELECT DISTINCT topic_id FROM projection.position")
    assert len(ids) == 1


async def test_a_zombies_records_are_dropped(spine: Running) -> None:
    spine.relay()
    runtime = spine.runtime(payments(spine.topic))
    spine.start(runtime.run())
    await spine.record(60)
    await until(shown(spine, 60))
    before = await rows(spine)
    stale = (await spine.records())[:40]
    await spine.stop()
    await spine.produce(
        *[(r.partition, r.stream, r.value, headers(r.log.encode(), r.index or 0, r.number or 0)) for r in stale]
    )
    runtime = spine.runtime(payments(spine.topic))
    spine.start(runtime.run())

    async def dropped() -> bool:
        return bool((await told(runtime)).get("repeated") == 40)

    await until(dropped)
    assert await rows(spine) == before


async def test_a_lost_record_is_fetched_from_the_log(spine: Running) -> None:
    relayed = spine.relay()
    await spine.record(60)

    async def sent() -> bool:
        return relayed.told.sent == 120

    await until(sent)
    whole = await spine.records()
    await spine.stop()
    spine.wipe_topic()
    kept = [r for r in whole if (r.number or 0) not in (2, 3)]
    await spine.produce(
        *[(r.partition, r.stream, r.value, headers(r.log.encode(), r.index or 0, r.number or 0)) for r in kept]
    )
    asked: list[tuple[int, int, int]] = []

    async def away(topic: str, partition: int, first: int, count: int) -> list[Record]:
        asked.append((partition, first, count))
        if len(asked) < 4:
            raise LossDetectedError("the feed is away")
        return await feed(spine, topic, partition, first, count)

    runtime = spine.runtime(payments(spine.topic), fill=away)
    spine.start(runtime.run())
    await until(shown(spine, 60))
    assert_payments(await current(spine), 60)
    assert set(asked) == {(p, 2, 2) for p in range(12)}
    status = await told(runtime)
    assert status["gaps"] == 12
    assert status["filled"] == 24
    assert status["parked"] == 0


async def test_a_record_that_jumped_ahead_waits_for_those_before_it(spine: Running) -> None:
    relayed = spine.relay()
    await spine.record(60)

    async def sent() -> bool:
        return relayed.told.sent == 120

    await until(sent)
    whole = await spine.records()
    await spine.stop()
    spine.wipe_topic()
    shuffled = [r for r in whole if r.number == 3] + [r for r in whole if r.number != 3]
    await spine.produce(
        *[(r.partition, r.stream, r.value, headers(r.log.encode(), r.index or 0, r.number or 0)) for r in shuffled]
    )
    spine.start(spine.runtime(payments(spine.topic)).run())
    await until(shown(spine, 60))
    assert_payments(await current(spine), 60)
