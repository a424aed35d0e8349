"""What cannot be read or applied is set aside with what follows in its stream, and taken in once it was mended."""

import pytest

from eventlog.projector import Recorded
from eventlog.records import headers
from eventlog.store import Connection
from tests.integration.eventlog.shown import assert_payments, current, filler, shown, told
from tests.integration.eventlog.spine import Running, payments, until


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
