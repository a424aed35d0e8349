"""Real servers for a test session, and an empty log for each test that asks for one."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from eventlog.store import EventLog
from localpound.stack.testing import Servers, servers

TABLES = "event, pending, run, tree, tile, relay, relay_mark, log"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL and Kafka with every role, database and topic."""
    given = os.environ.get("LOCALPOUND_TEST_HOME")
    root = Path(given) if given else tmp_path_factory.mktemp("stack")
    with servers(root) as pair:
        yield pair


async def emptied(running: Servers, database: str) -> None:
    """Forget everything in a service's database; only the stack's own role may."""
    conn = await asyncpg.connect(running.superuser_url(database))
    tables = await conn.fetch(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'public') AND tablename <> 'head'"
    )
    await conn.execute(f"TRUNCATE {', '.join(row[0] for row in tables)} RESTART IDENTITY")
    await conn.execute("UPDATE eventlog.head SET next_seq = 1")
    await conn.close()


@pytest.fixture
async def spend_pool(running: Servers) -> AsyncIterator[asyncpg.Pool]:
    """The spend service's own connections, on an empty log."""
    await emptied(running, "spend")
    async with asyncpg.create_pool(running.url("spend", "spend"), min_size=2, max_size=8) as pool:
        yield pool


@pytest.fixture
async def spend_log(spend_pool: asyncpg.Pool) -> AsyncIterator[EventLog]:
    """The spend service's log, with its sequencer running."""
    import asyncio

    from eventlog.sequencer import Sequencer

    log = EventLog("spend", spend_pool)
    task = asyncio.create_task(Sequencer(log).run())
    yield log
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
