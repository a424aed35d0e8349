"""What a read model of payments shows, and what its runtime tells of it."""

from typing import Any

import asyncpg

from eventlog.numbering import partition_events
from eventlog.projections import Runtime
from eventlog.records import Record, from_feed
from tests.integration.eventlog.spine import Running


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
