"""The gateway's pages over read models that tell one story."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest

from localpound.stack.testing import Servers
from tests.builders import SALFORD
from tests.gateway import PUBLIC_URL, SECRETS, Gateway, forget_accounts, gateway
from tests.integration.gateway_graphql.ledger import Ledger, forget
from tests.integration.gateway_graphql.story import tell

PEOPLE = {"Accept": "text/html"}


@pytest.fixture(scope="package")
async def site(running: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    """A gateway over the story."""
    conn = await asyncpg.connect(running.url("reporting", "reporting"))
    await forget(conn)
    ledger = Ledger(conn)
    await ledger.begin()
    await tell(ledger)
    await forget_accounts(running)
    async with gateway(running, tmp_path_factory.mktemp("gateway")) as started:
        yield started
    await forget(conn)
    await conn.close()


@asynccontextmanager
async def signed_in(site: Gateway, organisation: str = SALFORD) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which the officer signed in and chose for whom to act."""
    transport = httpx.ASGITransport(site.app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=PEOPLE) as browser:
        await browser.post("/sign-in", data={"client_id": "officer", "client_secret": SECRETS["officer"]})
        await browser.post("/visit", data={"organisation": organisation})
        yield browser


@pytest.fixture
async def officer(site: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who acts for Salford."""
    async with signed_in(site) as browser:
        yield browser


@pytest.fixture
async def anyone(site: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a key."""
    transport = httpx.ASGITransport(site.app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=PEOPLE) as browser:
        yield browser
