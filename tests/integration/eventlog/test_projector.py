"""A read model misses nothing and counts nothing twice, whatever happens to broker, process or record."""

import asyncio
from typing import Any

import asyncpg
import pytest

from eventlog.errors import LossDetectedError
from eventlog.numbering import partition_events
from eventlog.projections import Runtime
from eventlog.projector import Recorded
from eventlog.records import Record, from_feed, headers
from eventlog.store import Connection
from tests.integration.eventlog.spine import Running, payments, until


async def rows(spine: Running, view: str = "live.payment") -> list[asyncpg.Record]:
    """The rows of a read model with their history."""
    try:
        return await spine.pool.fetch(f"SELECT * FROM {view} ORDER BY payment_id, known_from")
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return []


async def current(spine: Running) -> list[asyncpg.Record]:
    return [row for row in await rows(spine) if row["contract_id"] is not None]


def shown(spine: Running, count: int) -> Any:
    """Whether so many payments are there and matched."""

    async def condition() -> bool:
        return len(await current(spine)) == count

    return condition


def assert_payments(found: list[asyncpg.Record], count: int) -> None:
    """Each payment recorded and matched exactly once."""
    assert len(found) == count
    assert {row["payment_id"]: (row["net_pence"], row["candidates"]) for row in found} == {
        f"P{n}": (n, [f"C{n % 7}"]) for n in range(count)
    }


async def feed(spine: Running, topic: str, partition: int, first: int, count: int) -> list[Record]:
    """What the service's log feed answers."""
    async with spine.log.pool.acquire() as conn:
        given = await partition_events(conn, "spend", partition, first, count)
    return [from_feed(topic, partition, one) for one in given]


def filler(spine: Running) -> Any:
    return lambda topic, partition, first, count: feed(spine, topic, partition, first, count)


async def told(runtime: Runtime, name: str = "payments") -> dict[str, Any]:
    status = await runtime.status()
    return dict(status[name])


async def test_rows_follow_the_log(spine: Running) -> None:
    runtime = spine.runtime(payments(spine.topic))
    spine.start(runtime.run())
    spine.relay()
    for first in range(0, 200, 50):
        await spine.record(50, first)
    await until(shown(spine, 200))
    assert_payments(await current(spine), 200)

    async def settled() -> bool:
        lag = (await told(runtime))["lag"]
        return lag is not None and sum(lag.values()) == 0

    await until(settled)
    status = await told(runtime)
    assert status["generation"] == 1
    assert status["state"] == "live"
    assert status["parked"] == 0
    assert status["last_error"] is None
    assert sum(status["positions"].values()) == 400
    assert (await runtime.status())["ready"] is True
    assert (await spine.runtime(payments(spine.topic)).status())["ready"] is False


async def test_a_restart_goes_on_where_the_rows_are(spine: Running) -> None:
    spine.relay()
    await spine.record(50)
    first = spine.start(spine.runtime(payments(spine.topic)).run())
    await until(shown(spine, 50))
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await spine.record(50, first=50)
    runtime = spine.runtime(payments(spine.topic))
    spine.start(runtime.run())
    await until(shown(spine, 100))
    assert_payments(await current(spine), 100)
    assert (await told(runtime))["repeated"] == 0


async def test_a_crash_between_rows_and_commit_repeats_nothing(spine: Running) -> None:
    class Crashing(type(payments(spine.topic))):  # type: ignore[misc]
        crashes = 3

        async def apply(self, conn: Connection, schema: str, batch: list[Recorded]) -> None:
            await super().apply(conn, schema, batch)
            if Crashing.crashes:
                Crashing.crashes -= 1
                await conn.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    base = payments(spine.topic)
    projection = Crashing(name=base.name, version=1, topics=base.topics, tables=base.tables)
    spine.relay()
    await spine.record(100)
    runtime = spine.runtime(projection)
    spine.start(runtime.run())
    await until(shown(spine, 100))
    assert_payments(await current(spine), 100)
    assert Crashing.crashes == 0
    assert (await told(runtime))["parked"] == 0


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


@pytest.mark.parametrize("bad", [b"{}", b"\xff\x00", b""])
async def test_an_unreadable_record_blocks_its_stream_alone(spine: Running, bad: bytes) -> None:
    relayed = spine.relay()
    await spine.record(60)

    async def sent() -> bool:
        return relayed.told.sent == 120

    await until(sent)
    whole = await spine.records()
    await spine.stop()
    spine.wipe_topic()
    spoilt = next(r for r in whole if r.stream == "payment/P7")
    await spine.produce(
        *[
            (
                r.partition,
                r.stream,
                bad if r is spoilt else r.value,
                headers(r.log.encode(), r.index or 0, r.number or 0),
            )
            for r in whole
        ]
    )
    runtime = spine.runtime(payments(spine.topic), fill=filler(spine))
    spine.start(runtime.run())
    await until(shown(spine, 59))
    parked = await runtime.parked()
    assert [(p["stream"], p["relay_number"], p["log_index"]) for p in parked] == [
        ("payment/P7", spoilt.number, spoilt.index),
        ("payment/P7", parked[1]["relay_number"], (spoilt.index or 0) + 1),
    ]
    assert (await told(runtime))["parked"] == 2
    done = await runtime.retry("payments")
    assert [(one.applied, one.left) for one in done.values()] == [(2, 0)]
    assert_payments(await current(spine), 60)
    assert await runtime.parked() == []


async def test_a_fact_that_cannot_be_applied_is_parked_and_retried_when_mended(spine: Running) -> None:
    broken = True

    class Picky(type(payments(spine.topic))):  # type: ignore[misc]
        async def apply(self, conn: Connection, schema: str, batch: list[Recorded]) -> None:
            if broken and any(r.stream in ("payment/P3", "payment/P40") for r in batch):
                raise ValueError("three and forty are too much")
            await super().apply(conn, schema, batch)

    base = payments(spine.topic)
    runtime = spine.runtime(Picky(name=base.name, version=1, topics=base.topics, tables=base.tables))
    spine.relay()
    await spine.record(60)
    spine.start(runtime.run())
    await until(shown(spine, 58))
    parked = await runtime.parked()
    assert sorted((p["stream"], p["reason"][:10]) for p in parked) == [
        ("payment/P3", "ValueError"),
        ("payment/P3", "an earlier"),
        ("payment/P40", "ValueError"),
        ("payment/P40", "an earlier"),
    ]
    assert [(one.applied, one.left) for one in (await runtime.retry()).values()] == [(0, 4)]
    broken = False
    assert [(one.applied, one.left) for one in (await runtime.retry()).values()] == [(4, 0)]
    assert_payments(await current(spine), 60)


async def test_a_read_model_that_can_apply_nothing_parks_all_and_recovers(spine: Running) -> None:
    broken = True

    class Broken(type(payments(spine.topic))):  # type: ignore[misc]
        async def apply(self, conn: Connection, schema: str, batch: list[Recorded]) -> None:
            if broken:
                raise KeyError("a slip of the pen")
            await super().apply(conn, schema, batch)

    base = payments(spine.topic)
    runtime = spine.runtime(Broken(name=base.name, version=1, topics=base.topics, tables=base.tables))
    spine.relay()
    await spine.record(40)
    spine.start(runtime.run())

    async def all_parked() -> bool:
        return len(await runtime.parked()) == 80

    await until(all_parked, 60)
    broken = False
    assert [(one.applied, one.left) for one in (await runtime.retry()).values()] == [(80, 0)]
    assert_payments(await current(spine), 40)


async def test_a_record_that_no_relay_sent_is_set_aside(spine: Running) -> None:
    spine.relay()
    await spine.record(10)
    await spine.produce((0, "payment/foreign", b"hello", []))
    runtime = spine.runtime(payments(spine.topic))
    spine.start(runtime.run())
    await until(shown(spine, 10))

    async def parked() -> bool:
        return [p["stream"] for p in await runtime.parked()] == ["payment/foreign"]

    await until(parked)
    done = await runtime.retry()
    assert [one.not_of_the_log for one in done.values()] == [1]
    assert await runtime.parked() == []


async def test_a_rebuild_under_load_is_equal_and_no_query_fails(spine: Running) -> None:
    runtime = spine.runtime(payments(spine.topic))
    spine.relay()
    spine.start(runtime.run())
    await spine.record(300)
    await until(shown(spine, 300))
    failed: list[Exception] = []
    least = 10**9

    async def ask() -> None:
        nonlocal least
        while True:
            try:
                least = min(least, await spine.pool.fetchval("SELECT count(*) FROM live.payment"))
            except Exception as error:
                failed.append(error)
            await asyncio.sleep(0.005)

    async def load() -> None:
        for first in range(300, 2_000, 10):
            await spine.record(10, first)

    asking, loading = spine.start(ask()), spine.start(load())
    done = await asyncio.wait_for(runtime.rebuild("payments"), 60)
    assert done.comparable
    assert done.equal
    assert (done.generation, done.replaced) == (2, 1)
    await loading
    await until(shown(spine, 2_000), 60)
    asking.cancel()
    assert failed == []
    assert least >= 300
    assert_payments(await current(spine), 2_000)
    again = await asyncio.wait_for(runtime.rebuild("payments"), 60)
    assert again.equal
    assert again.generation == 3
    schemas = await spine.pool.fetch("SELECT nspname FROM pg_namespace WHERE nspname ~ '^payments_' ORDER BY 1")
    assert [row[0] for row in schemas] == ["payments_2", "payments_3"]


async def test_another_version_is_built_beside_and_an_earlier_one_taken_up_again(spine: Running) -> None:
    spine.relay()
    found = []
    for place, version in enumerate((1, 2, 1)):
        runtime = spine.runtime(payments(spine.topic, version=version))
        running = spine.start(runtime.run())
        await spine.record(50, first=50 * place)

        async def switched(runtime: Runtime = runtime, version: int = version, place: int = place) -> bool:
            status = (await runtime.status()).get("payments")
            shows = bool(status and status["version"] == version and status["state"] == "live")
            return shows and len(await current(spine)) == 50 * (place + 1)

        await until(switched)
        assert_payments(await current(spine), 50 * (place + 1))
        found.append((await told(runtime))["generation"])
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert found == [1, 2, 1]
