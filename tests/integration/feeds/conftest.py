"""A gateway over what each test says that ledgers told."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import pytest

from gateway.graphql_http import execute
from gateway.policy import Viewer
from localpound.stack.testing import Servers
from tests.builders import SALFORD
from tests.gateway import Gateway, forget_accounts, gateway
from tests.integration.gateway_graphql.ledger import Ledger, forget
from tests.integration.pages.conftest import signed_in

SALFORDS = Viewer(account="person/officer", organisation=SALFORD, roles=frozenset({"reader"}))
Ask = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="module")
async def ledger(running: Servers) -> AsyncIterator[Ledger]:
    """Read models to which a test adds facts."""
    conn = await asyncpg.connect(running.url("reporting", "reporting"))
    await forget(conn)
    ledger = Ledger(conn)
    await ledger.begin()
    yield ledger
    await forget(conn)
    await conn.close()


@pytest.fixture(scope="module")
async def site(running: Servers, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    """A gateway over them."""
    await forget_accounts(running)
    async with gateway(running, tmp_path_factory.mktemp("gateway")) as started:
        yield started


@pytest.fixture
async def officer(site: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who acts for Salford."""
    async with signed_in(site) as browser:
        yield browser


@pytest.fixture
async def ask(running: Servers, ledger: Ledger) -> AsyncIterator[Ask]:
    """Ask as Salford; answers with the data, and there must be no error."""
    async with asyncpg.create_pool(running.url("gateway_reader", "reporting"), min_size=1, max_size=2) as reads:

        async def asked(query: str, **variables: object) -> Any:
            status, answer = await execute(reads, SALFORDS, {"query": query, "variables": variables})
            assert answer.get("errors") is None, answer
            assert status == 200
            return answer["data"]

        yield asked
