"""While an event that a page would tell of is parked, the page says that it is incomplete; then no longer."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from localpound.stack.testing import Servers
from tests.builders import DEVON, SALFORD
from tests.gateway import Gateway
from tests.integration.gateway_graphql.story import ACME, APRIL
from tests.integration.pages.reading import text

HOME = f"/organisations/{SALFORD}"
WARNING = "Incomplete: some events could not be read yet and are set aside until they are mended."

PARK = """
    INSERT INTO projection.parked
        (name, generation, topic, partition, stream, service, organisation, type, reason, value)
    VALUES ($1, 1, $2 || '.events', 0, $3, $2, $4, 'x', 'y', '')
"""

NEW_PAYMENT = ("compliance", "spend", "payment/P99")
"""Of this one nothing is on any page: it is missing from all that adds up payments."""
NEW_CONTRACT = ("contract_register", "contracts", "contract/C99")
NEW_FILE = ("source_files", "spend", "file/new")
NEW_CLAIM = ("outcomes", "social_value", "claim/L9")
KNOWN_PAYMENT = ("compliance", "spend", "payment/P4")


@pytest.fixture
async def keeper(running: Servers, site: Gateway) -> AsyncIterator[asyncpg.Connection]:
    """Who keeps the read models; leaves nothing parked."""
    conn = await asyncpg.connect(running.url("reporting", "reporting"))
    yield conn
    await conn.execute("DELETE FROM projection.parked")
    await conn.close()


async def warned(browser: httpx.AsyncClient, path: str) -> bool:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return WARNING in text(answer.text)


@pytest.mark.parametrize(
    ("path", "parked"),
    [
        ("/", NEW_PAYMENT),
        (HOME, NEW_PAYMENT),
        (f"{HOME}/payments", NEW_PAYMENT),
        (f"{HOME}/suppliers", NEW_PAYMENT),
        (f"{HOME}/suppliers/{ACME}", NEW_PAYMENT),
        (f"{HOME}/contracts/C1", NEW_PAYMENT),
        (f"{HOME}/files/{APRIL}", NEW_PAYMENT),
        (f"{HOME}/search?q=acme", NEW_PAYMENT),
        (f"{HOME}/payments/P4", KNOWN_PAYMENT),
        (f"{HOME}/contracts", NEW_CONTRACT),
        (f"{HOME}/contracts/C1", NEW_CONTRACT),
        (f"{HOME}/contracts/C1", NEW_CLAIM),
        (f"{HOME}/outcomes", NEW_CLAIM),
        (f"{HOME}/outcomes/K1", NEW_CLAIM),
        (f"{HOME}/suppliers", NEW_CONTRACT),
        (f"{HOME}/files", NEW_FILE),
    ],
)
async def test_a_page_says_that_it_is_incomplete_until_what_is_parked_was_mended(
    officer: httpx.AsyncClient, keeper: asyncpg.Connection, path: str, parked: tuple[str, str, str]
) -> None:
    assert not await warned(officer, path)
    await keeper.execute(PARK, *parked, SALFORD)
    assert await warned(officer, path)
    await keeper.execute("DELETE FROM projection.parked")
    assert not await warned(officer, path)


async def test_who_has_no_key_is_told_too(anyone: httpx.AsyncClient, keeper: asyncpg.Connection) -> None:
    await keeper.execute(PARK, *NEW_PAYMENT, SALFORD)
    assert await warned(anyone, f"{HOME}/payments")


async def test_who_may_not_see_social_value_is_told_nothing_of_it(
    anyone: httpx.AsyncClient, keeper: asyncpg.Connection
) -> None:
    await keeper.execute(PARK, *NEW_CLAIM, SALFORD)
    assert not await warned(anyone, f"{HOME}/contracts/C1")


async def test_pages_that_it_does_not_touch_say_nothing(officer: httpx.AsyncClient, keeper: asyncpg.Connection) -> None:
    await keeper.execute(PARK, *NEW_PAYMENT, SALFORD)
    for path in (f"{HOME}/payments/P1", f"{HOME}/contracts", f"/organisations/{DEVON}/payments"):
        assert not await warned(officer, path), path
