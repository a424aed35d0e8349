"""Can everybody use the pages? axe-core finds nothing against WCAG 2.2 AA, wide or narrow; no script is needed."""

import re

import asyncpg
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, ConsoleMessage, expect

from localpound.stack.testing import Servers
from tests.browser.conftest import sign_in
from tests.builders import SALFORD
from tests.integration.gateway_graphql.story import ACME, APRIL, REGISTER
from tests.integration.pages.test_incomplete import PARK

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
HOME = f"/organisations/{SALFORD}"
PUBLIC = (
    "/",
    HOME,
    f"{HOME}?as_known_at=2022-07-05",
    f"{HOME}/payments",
    f"{HOME}/payments?scope=contract_spend&answer=no_contract&q=corner",
    f"{HOME}/payments/P1",
    f"{HOME}/payments/P5",
    f"{HOME}/suppliers",
    f"{HOME}/suppliers/{ACME}",
    f"{HOME}/who",
    f"{HOME}/payments?category=none",
    f"{HOME}/contracts",
    f"{HOME}/contracts/C1",
    f"{HOME}/search?q=acme",
    f"{HOME}/publications",
    f"{HOME}/publications/2021-Q2",
    f"{HOME}/files",
    "/sign-in",
    "/nowhere",
)
OWN = (
    HOME,
    f"{HOME}/contracts/C1",
    f"{HOME}/outcomes",
    f"{HOME}/outcomes?contract=C1&order=due_on_desc",
    f"{HOME}/outcomes/K1",
    f"{HOME}/names",
    f"{HOME}/findings",
    f"{HOME}/publications",
    f"{HOME}/duties",
    f"{HOME}/duplicates?rules=all",
    f"{HOME}/orders",
    f"{HOME}/pay-runs",
    f"{HOME}/supplier-master",
    f"{HOME}/files",
    f"{HOME}/files/{APRIL}",
    f"{HOME}/files/{REGISTER}",
    "/visit",
)


async def look(browser: BrowserContext, address: str, paths: tuple[str, ...]) -> dict[str, list[str]]:
    """What is wrong with each of these pages."""
    page = await browser.new_page()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            said.append(message.text)

    page.on("console", hear)
    wrong: dict[str, list[str]] = {}
    for path in paths:
        said.clear()
        await page.goto(f"{address}{path}")
        results = await Axe().run(page, options=RULES)
        faults = [f"{v['id']}: {v['nodes'][0]['html'][:150]}" for v in results.response["violations"]]
        beyond = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{beyond} pixels wider than the screen"] if beyond else []
        if faults or said:
            wrong[path] = faults + said
    return wrong


async def test_axe_finds_nothing_on_what_is_public(browser: BrowserContext, address: str) -> None:
    assert await look(browser, address, PUBLIC) == {}


async def test_axe_finds_nothing_on_what_an_officer_sees(browser: BrowserContext, address: str) -> None:
    await sign_in(browser, address)
    page = await browser.new_page()
    await page.goto(f"{address}{HOME}/payments/P1")
    event = await page.locator("a[href^='/events/']").first.get_attribute("href")
    assert event is not None
    assert await look(browser, address, (*OWN, event)) == {}


async def test_axe_finds_nothing_on_a_page_that_warns_of_being_incomplete(
    browser: BrowserContext, address: str, running: Servers
) -> None:
    conn = await asyncpg.connect(running.url("reporting", "reporting"))
    await conn.execute(PARK, "compliance", "spend", "payment/P99", SALFORD)
    try:
        page = await browser.new_page()
        await page.goto(f"{address}{HOME}/suppliers")
        await expect(page.get_by_text("Incomplete: some events could not be read yet")).to_be_visible()
        paths = ("/", HOME, f"{HOME}/payments", f"{HOME}/suppliers", f"{HOME}/contracts/C1", f"{HOME}/search?q=acme")
        assert await look(browser, address, paths) == {}
    finally:
        await conn.execute("DELETE FROM projection.parked")
        await conn.close()


async def test_axe_would_find_a_fault(browser: BrowserContext, address: str) -> None:
    page = await browser.new_page()
    await page.goto(f"{address}/sign-in")
    await page.evaluate("document.querySelector('label').remove()")
    results = await Axe().run(page, options=RULES)
    assert "label" in [violation["id"] for violation in results.response["violations"]]


async def test_everything_works_without_javascript(plain_browser: BrowserContext, address: str) -> None:
    await sign_in(plain_browser, address)
    page = await plain_browser.new_page()
    await page.goto(f"{address}/")
    await page.get_by_role("link", name="Salford City Council").click()
    await page.get_by_label("Find a supplier, contract or payment").fill("acme")
    await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Search for “acme”")
    await page.get_by_role("navigation").get_by_role("link", name="Payments").click()
    await page.get_by_label("Against the register").select_option("expired")
    await page.get_by_role("button", name="Show").first.click()
    await expect(page.get_by_text("1 payment, −£600.00 in all, without VAT")).to_be_visible()
    await page.get_by_text("See this page as of an earlier day").click()
    await page.get_by_label("As known at: day and time (UTC)").fill("2022-07-04T12:00")
    await page.get_by_label("Of payments up to: day").fill("2022-06-30")
    await page.locator("details").get_by_role("button", name="Show").click()
    await expect(page.get_by_text("As known at 4 July 2022, 12:00:00 UTC.")).to_be_visible()
    await expect(page.get_by_text("Of payments up to 30 June 2022.")).to_be_visible()
    await page.goto(f"{address}{HOME}/payments/P1")
    await page.locator("a[href^='/events/']").first.click()
    await expect(page.get_by_text("How to check it")).to_be_visible()
    await page.get_by_role("link", name="Your visit").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_text("You see what is public")).to_be_visible()


async def test_the_keyboard_reaches_the_content_first(plain_browser: BrowserContext, address: str) -> None:
    page = await plain_browser.new_page()
    await page.goto(f"{address}{HOME}")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("#main-content$"))
