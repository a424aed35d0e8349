"""The log in a PostgreSQL that testcontainers starts."""

import asyncio

import asyncpg
import pytest
from testcontainers.community.postgres import PostgresContainer

from deploy import migrate, roles
from eventlog.sequencer import Sequencer
from eventlog.store import EventLog
from tests.builders import SALFORD, actor, cause, draft

pytestmark = pytest.mark.docker


async def test_facts_are_recorded_and_sequenced_in_a_container() -> None:
    with PostgresContainer("postgres:18", driver=None) as container:
        url = container.get_connection_url()
        await roles.create(url, dict.fromkeys(roles.LOGINS, "secret"))
        server = f"{container.get_container_host_ip()}:{container.get_exposed_port(5432)}"
        spend = next(d for d in migrate.DATABASES if d.name == "spend")
        await migrate.migrate(spend, f"postgresql://spend_migrate:secret@{server}/spend")
        async with asyncpg.create_pool(f"postgresql://spend:secret@{server}/spend", min_size=2) as pool:
            log = EventLog("spend", pool)
            sequencer = asyncio.create_task(Sequencer(log).run())
            append = await log.record(SALFORD, [draft()], actor=actor(), cause=cause())
            positions = await log.positions(append, timeout=10)
            sequencer.cancel()
    assert [str(position) for position in positions or ()] == ["GB-LAE-SLF/spend/0"]
