"""A read model's table grows from nothing: what is looked up in it is planned for the table as it is."""

from eventlog.service import _connected
from localpound.stack.testing import Servers


async def test_no_plan_is_kept_from_when_a_table_was_empty(running: Servers) -> None:
    pool = await _connected(running.url("reporting", "reporting"), 2)
    try:
        assert await pool.fetchval("SHOW plan_cache_mode") == "force_custom_plan"
    finally:
        await pool.close()
