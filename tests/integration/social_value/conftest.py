"""The social value service on an empty log."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from eventlog.credentials import Credential
from eventlog.store import EventLog
from localpound.stack.testing import Servers
from services.social_value.__main__ import make_app
from services.social_value.settings import SocialValueSettings
from tests.builders import DEVON, SALFORD
from tests.callers import serving
from tests.conftest import emptied

PROVIDER, ASSESSORS = "GB-COH-00000001", "GB-COH-00000002"
ALL = frozenset({"commitments-recorder", "claimant", "verifier"})
CALLERS = {
    "officer": Credential("person/officer", "officer", SALFORD, ALL),
    "devon": Credential("person/officer", "officer", DEVON, ALL),
    "provider": Credential("person/provider", "provider", PROVIDER, ALL),
    "colleague": Credential("person/colleague", "colleague", PROVIDER, ALL),
    "provider-elsewhere": Credential("person/provider-2", "provider", ASSESSORS, ALL),
    "assessor": Credential("person/assessor", "assessor", ASSESSORS, ALL),
    "assessor-2": Credential("person/assessor-2", "second", ASSESSORS, ALL),
    "machine": Credential("machine/checker", None, ASSESSORS, ALL),
    "delivery-machine": Credential("machine/delivery", None, PROVIDER, ALL),
    "reader": Credential("person/reader", "reader", SALFORD, frozenset({"reader"})),
}


@pytest.fixture
async def log(running: Servers) -> AsyncIterator[EventLog]:
    """The service's log, as it stands after what a test did."""
    await emptied(running, "social_value")
    async with asyncpg.create_pool(running.url("social_value", "social_value"), min_size=1) as pool:
        yield EventLog("social_value", pool)


@pytest.fixture
async def doors(running: Servers, log: EventLog) -> AsyncIterator[httpx.AsyncClient]:
    """The service's doors, with its sequencer running."""
    settings = SocialValueSettings(
        database_url=running.url("social_value", "social_value"),
        kafka_servers="nowhere:1",
        http_host="127.0.0.1",
        http_port=1,
        token_keys_url="http://nowhere",
        role="sequencer",
    )
    async with serving(make_app(settings), CALLERS) as client:
        yield client
