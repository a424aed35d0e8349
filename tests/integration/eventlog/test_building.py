"""A read model is built anew beside itself, under load and for another version, and nobody notices."""

import asyncio

from eventlog.projections import Runtime
from tests.integration.eventlog.shown import assert_payments, current, shown, told
from tests.integration.eventlog.spine import Running, payments, until


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
