"""A gateway of its own for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from localpound.stack.testing import Servers
from tests.gateway import Gateway, forget_accounts, gateway


@pytest.fixture
async def door(running: Servers, tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway with accounts officer, ledger, admin and steward."""
    await forget_accounts(running)
    async with gateway(running, tmp_path) as started:
        yield started
