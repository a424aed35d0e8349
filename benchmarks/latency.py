"""Append to queryable: from the call of `record` until the row can be asked for, all parts in one process."""

import asyncio
import time
from uuid import uuid4

import asyncpg

from benchmarks.rebuild import reporting_kafka
from benchmarks.relay import spend_kafka
from benchmarks.results import Results
from eventlog.codec import Codec, facts_in
from eventlog.projections import Runtime
from eventlog.relay import Relay
from eventlog.sequencer import Sequencer
from eventlog.store import Draft, EventLog
from localpound.stack.testing import Servers
from schemas import spend
from services.reporting.read_models.compliance import compliance
from tests.builders import NOON, SALFORD, actor, cause, payment_recorded

SECONDS = 5.0
RATES = {20: None, 200: 60.0, 2_000: None}
"""Appends a second → the limit of p99 in milliseconds."""


async def run(servers: Servers, results: Results) -> None:
    """Open loop: an append's time counts from when it was due."""
    async with (
        asyncpg.create_pool(servers.url("spend", "spend"), min_size=3, max_size=6) as own,
        asyncpg.create_pool(servers.url("reporting", "reporting"), min_size=3, max_size=8) as read,
    ):
        log = EventLog("spend", own)
        runtime = Runtime(read, reporting_kafka(servers), [compliance], Codec(*facts_in(spend)), "reporting")
        parts = [Sequencer(log).run(), Relay(log, spend_kafka(servers), "spend.events").run(), runtime.run()]
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            await _warm(log, read)
            for rate, limit in RATES.items():
                times = sorted(await _appends(log, read, rate))
                for name, share in (("p50", 0.5), ("p99", 0.99)):
                    value = times[min(len(times) - 1, int(len(times) * share))] * 1_000
                    results.at_most(
                        f"append to queryable at {rate}/s, {name}", value, "ms", limit if name == "p99" else None
                    )
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _warm(log: EventLog, read: asyncpg.Pool) -> None:
    async with asyncio.timeout(60):
        while await read.fetchval("SELECT to_regclass('live.payment')") is None:  # no other part has built it
            await asyncio.sleep(0.1)
    await _appends(log, read, 200, seconds=12.0)  # a broker that has only just started is still being compiled


async def _appends(log: EventLog, read: asyncpg.Pool, rate: int, seconds: float = SECONDS) -> list[float]:
    due: dict[str, float] = {}
    seen: dict[str, float] = {}
    count = int(rate * seconds)
    watcher = asyncio.create_task(_watch(read, due, seen, count))
    began = time.perf_counter() + 0.05
    calls = []
    for number in range(count):
        at = began + number / rate
        if (wait := at - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        name = uuid4().hex
        due[name] = at
        draft = Draft(stream=f"payment/{name}", version=1, fact=payment_recorded(payment_id=name), happened_at=NOON)
        calls.append(asyncio.create_task(log.record(SALFORD, [draft], actor=actor(), cause=cause())))
    await asyncio.gather(*calls)
    await asyncio.wait_for(watcher, 120)
    return [seen[name] - at for name, at in due.items()]


async def _watch(read: asyncpg.Pool, due: dict[str, float], seen: dict[str, float], count: int) -> None:
    """Ask, as a reader would, which of the awaited payments are there."""
    async with read.acquire() as conn:
        while len(seen) < count:
            waiting = [name for name in due if name not in seen][:2_000]
            rows = await conn.fetch("SELECT payment_id FROM live.payment WHERE payment_id = ANY($1)", waiting)
            at = time.perf_counter()
            for row in rows:
                seen[row[0]] = at
            await asyncio.sleep(0.002)
