"""A real browser before the real pages: Chromium, given by CHROMIUM or found on the path."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest
import uvicorn
from playwright.async_api import BrowserContext, async_playwright

from localpound.stack.testing import Servers
from schemas.spend import PublicationPart, QuarterPublished
from tests.builders import SALFORD
from tests.gateway import SECRETS, forget_accounts, gateway
from tests.integration.gateway_graphql.ledger import Ledger, forget
from tests.integration.gateway_graphql.story import WEDNESDAY, tell

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Where Chromium is. In CI it must be there; elsewhere its tests are left out."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI"):
        pytest.fail("Chromium is not installed: apt-get install chromium")
    if found is None:
        pytest.skip("Chromium is not installed; CHROMIUM may say where it is")
    return found


def published() -> tuple[PublicationPart, QuarterPublished]:
    """A quarter with one file, published again."""
    content = "PaymentDate,Amount\r\n2021-04-01,950.00\r\n"
    return PublicationPart(
        publication_id="2021-Q2/2", file_name="payments-over-500.csv", part=0, content=content
    ), QuarterPublished(
        publication_id="2021-Q2/2", quarter="2021-Q2", edition=2, reason="A late file",
        known_at="2022-07-06T09:00:00.000000Z", rules_dated=date(2022, 7, 1), file_names=("payments-over-500.csv",),
        file_digests=(sha256(content.encode()).hexdigest(),), file_rows=(1,), file_pence=(95_000,),
        left_out=("not over £500",), left_out_payments=(1,), left_out_pence=(100,), control_payments=2,
        control_pence=95_100,
    )  # fmt: skip


@pytest.fixture(scope="package")
async def address(running: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A gateway over the story, answering on a port of its own."""
    chromium()
    conn = await asyncpg.connect(running.url("reporting", "reporting"))
    await forget(conn)
    ledger = Ledger(conn)
    await ledger.begin()
    await tell(ledger)
    await ledger.record(SALFORD, "spend", "publication/2021-Q2/1", *published(), at=WEDNESDAY)
    await forget_accounts(running)
    async with gateway(running, tmp_path_factory.mktemp("gateway")) as started:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(started.app, lifespan="off", log_config=None))
            serving = asyncio.create_task(server.serve([door]))
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
            server.should_exit = True
            await serving
    await forget(conn)
    await conn.close()


async def opened(folder: Path, width: int, *, javascript: bool = True) -> AsyncIterator[BrowserContext]:
    """A browser of a certain width that has never been anywhere."""
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            folder,
            executable_path=chromium(),
            headless=True,
            args=FLAGS,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
        )
        yield context
        await context.close()


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
async def browser(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BrowserContext]:
    """A browser, wide and narrow."""
    async for context in opened(tmp_path, request.param):
        yield context


@pytest.fixture
async def plain_browser(tmp_path: Path) -> AsyncIterator[BrowserContext]:
    """A browser without JavaScript."""
    async for context in opened(tmp_path, 1280, javascript=False):
        yield context


async def sign_in(context: BrowserContext, address: str) -> None:
    """Sign in as the officer, by keyboard, and act for Salford."""
    page = await context.new_page()
    await page.goto(f"{address}/sign-in")
    await page.get_by_label("Client id").fill("officer")
    await page.get_by_label("Key", exact=True).fill(SECRETS["officer"])
    await page.keyboard.press("Enter")
    await page.get_by_label("Salford City Council").check()
    await page.get_by_role("button", name="Act for this organisation").press("Enter")
    await page.wait_for_url(f"{address}/organisations/{SALFORD}")
    await page.close()
