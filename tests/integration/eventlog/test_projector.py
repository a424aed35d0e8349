"""A read model misses nothing and counts nothing twice, whether its process or its database connection dies."""

import asyncio

from eventlog.projector import Recorded
from eventlog.store import Connection
from tests.integration.eventlog.shown import assert_payments, current, shown, told
from tests.integration.eventlog.spine import Running, payments, until


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
