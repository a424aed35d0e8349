"""The gateway's way to read models of their own, on which these tests record what they need."""

from collections.abc import AsyncIterator
from typing import TypeAlias

import httpx
import pytest

from localpound.stack.testing import Servers
from tests.gateway import PUBLIC_URL, Gateway, forget_accounts, gateway
from tests.integration.gateway_graphql.conftest import ask, ledger, reads, refused
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.pages.conftest import PEOPLE, signed_in

__all__ = ["ask", "ledger", "reads", "refused"]
Pages: TypeAlias = httpx.AsyncClient


@pytest.fixture
async def site(
    running: Servers, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Gateway]:  # fmt: skip
    """A gateway over the same read models."""
    assert ledger.schemas
    await forget_accounts(running)
    async with gateway(running, tmp_path_factory.mktemp("gateway")) as started:
        yield started


@pytest.fixture
async def pages(site: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a key."""
    transport = httpx.ASGITransport(site.app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=PEOPLE) as browser:
        yield browser


@pytest.fixture
async def officer(site: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who acts for Salford."""
    async with signed_in(site) as browser:
        yield browser
