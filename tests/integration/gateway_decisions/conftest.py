"""The gateway's way to read models of their own, on which these tests record what they need."""

from collections.abc import AsyncIterator
from typing import TypeAlias

import httpx
import pytest

from localpound.stack.testing import Servers
from tests.gateway import PUBLIC_URL, forget_accounts, gateway
from tests.integration.gateway_graphql.conftest import ask, ledger, reads
from tests.integration.gateway_graphql.ledger import Ledger

__all__ = ["ask", "ledger", "reads"]
Pages: TypeAlias = httpx.AsyncClient


@pytest.fixture
async def pages(
    running: Servers, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:  # fmt: skip
    """Somebody without a key, over the same read models."""
    assert ledger.schemas
    await forget_accounts(running)
    async with gateway(running, tmp_path_factory.mktemp("gateway")) as started:
        transport = httpx.ASGITransport(started.app)
        async with httpx.AsyncClient(
            transport=transport, base_url=PUBLIC_URL, headers={"Accept": "text/html"}
        ) as browser:
            yield browser
