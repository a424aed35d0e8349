"""What was acknowledged when the database was lost, and had no place yet, has one after a restore."""

import asyncpg

from eventlog.placing import place_all
from eventlog.store import EventLog
from localpound.stack.testing import Servers
from tests.builders import SALFORD, actor, cause, draft


async def test_an_append_that_waited_is_placed(running: Servers, spend_log: EventLog, spend_pool: asyncpg.Pool) -> None:
    await spend_log.record(SALFORD, [draft()], actor=actor(), cause=cause())
    assert await spend_pool.fetchval("SELECT count(*) FROM eventlog.pending") == 1
    await place_all(running.superuser_url("spend"))
    assert await spend_pool.fetchval("SELECT count(*) FROM eventlog.pending") == 0
    assert await spend_log.size(SALFORD) == 1
