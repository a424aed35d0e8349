"""No event is lost, doubled or out of order, whatever writers do; and the hunter can tell."""

import os

import asyncpg
import pytest

from eventlog.store import EventLog
from localpound.stack.testing import Servers
from tests.chaos.hunter import hunt

pytestmark = pytest.mark.chaos
SECONDS = float(os.environ.get("LOCALPOUND_HUNT_SECONDS", "60"))


async def test_hostile_writers_lose_nothing_where_a_naive_reader_does(
    running: Servers, spend_pool: asyncpg.Pool
) -> None:
    log, url = EventLog("spend", spend_pool), running.url("spend", "spend")
    found = await hunt(log, url, running.superuser_url("spend"), SECONDS, seed=1)
    print(
        f"{len(found.committed)} committed, {found.missing()} missing, {found.extra()} extra,"
        f" {found.out_of_order()} out of order; a naive reader lost {found.lost_by_naive_reader()}"
    )
    assert len(found.committed) > 1_000
    assert found.missing() == 0
    assert found.extra() == 0
    assert found.gapless()
    assert found.out_of_order() == 0
    assert found.lost_by_naive_reader() > 0
