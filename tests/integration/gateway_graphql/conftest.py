"""The gateway's own way to the read models, which tell one story."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from gateway.graphql_http import execute
from gateway.policy import ANYONE, Viewer
from localpound.stack.testing import Servers
from tests.builders import DEVON, SALFORD
from tests.integration.gateway_graphql.ledger import Ledger, forget
from tests.integration.gateway_graphql.story import tell

SALFORDS = Viewer(account="person/officer", organisation=SALFORD, roles=frozenset({"reader"}))
DEVONS = Viewer(account="person/officer", organisation=DEVON, roles=frozenset({"reader", "auditor"}))

Ask = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="package")
async def ledger(running: Servers) -> AsyncIterator[Ledger]:
    """Read models that hold the story."""
    conn = await asyncpg.connect(running.url("reporting", "reporting"))
    await forget(conn)
    ledger = Ledger(conn)
    await ledger.begin()
    await tell(ledger)
    yield ledger
    await forget(conn)
    await conn.close()


@pytest.fixture(scope="package")
async def reads(running: Servers, ledger: Ledger) -> AsyncIterator[asyncpg.Pool]:
    """The gateway's connections, which may read and nothing else."""
    async with asyncpg.create_pool(running.url("gateway_reader", "reporting"), min_size=1, max_size=6) as pool:
        yield pool


@pytest.fixture
def ask(reads: asyncpg.Pool) -> Ask:
    """Ask as somebody; answers with the data, and there must be no error."""

    async def asked(query: str, viewer: Viewer = ANYONE, **variables: object) -> Any:
        status, answer = await execute(reads, viewer, {"query": query, "variables": variables})
        assert answer.get("errors") is None, answer
        assert status == 200
        return answer["data"]

    return asked


@pytest.fixture
def refused(reads: asyncpg.Pool) -> Ask:
    """Ask for what is refused; answers with status, data and the codes."""

    async def asked(query: str, viewer: Viewer = ANYONE, **variables: object) -> Any:
        status, answer = await execute(reads, viewer, {"query": query, "variables": variables})
        return status, answer.get("data"), [error["extensions"]["code"] for error in answer.get("errors", [])]

    return asked
