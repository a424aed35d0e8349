"""The contracts service on an empty log."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from eventlog.credentials import Credential
from eventlog.store import EventLog
from localpound.stack.testing import Servers
from services.contracts.__main__ import make_app
from services.contracts.settings import ContractsSettings
from tests.builders import DEVON, SALFORD
from tests.callers import serving
from tests.conftest import emptied

EDITOR = frozenset({"register-editor"})
CALLERS = {
    "editor": Credential("person/officer", "officer", SALFORD, EDITOR),
    "devon": Credential("person/officer", "officer", DEVON, EDITOR),
    "reader": Credential("person/reader", "reader", SALFORD, frozenset({"reader"})),
}


@pytest.fixture
async def log(running: Servers) -> AsyncIterator[EventLog]:
    """The service's log, as it stands after what a test did."""
    await emptied(running, "contracts")
    async with asyncpg.create_pool(running.url("contracts", "contracts"), min_size=1) as pool:
        yield EventLog("contracts", pool)


@pytest.fixture
async def doors(running: Servers, log: EventLog) -> AsyncIterator[httpx.AsyncClient]:
    """The service's doors, with its sequencer running."""
    settings = ContractsSettings(
        database_url=running.url("contracts", "contracts"),
        kafka_servers="nowhere:1",
        http_host="127.0.0.1",
        http_port=1,
        token_keys_url="http://nowhere",
        role="sequencer",
    )
    async with serving(make_app(settings), CALLERS) as client:
        yield client
