"""What the pages show, to whom, and where every figure leads."""

import csv
import io
import json
import re
from hashlib import sha256

import httpx
import pytest

from tests.builders import DEVON, SALFORD
from tests.gateway import Gateway
from tests.integration.gateway_graphql.story import ACME, APRIL, MONDAY, REGISTER
from tests.integration.pages.conftest import signed_in
from tests.integration.pages.reading import links, text

HOME = f"/organisations/{SALFORD}"
TOTAL = re.compile(r"([\d,]+) payments?, (−?£[\d,]+\.\d\d) in all")


async def test_the_summary_shows_the_figures_of_the_read_models(officer: httpx.AsyncClient) -> None:
    shown = text((await officer.get(HOME)).text)
    assert "£43,000.00 paid in 6 payments" in shown
    assert "Contract spend £40,600.00 94.4 % 4" in shown
    assert "Payee withheld by the publisher £1,400.00 3.3 % 1" in shown
    for answer in (
        "On a named contract, in its term",
        "Registered supplier, but no one contract certain",
        "After the end of the supplier’s contract",
        "No contract found in the published register",
    ):
        assert answer in shown
    assert "You act for Salford City Council and see all that it has on record." in shown
    assert "Open Government Licence v3.0" in shown
    assert "Data as of 6 July 2022, 09:00:00 UTC (position GB-LAE-SLF/contracts/" in shown


async def test_who_has_no_key_sees_what_is_public_and_is_told_so_in_a_line(anyone: httpx.AsyncClient) -> None:
    shown = text((await anyone.get(HOME)).text)
    assert "£42,700.00 paid in 5 payments" in shown
    assert "You see what is public: contract registers, and payments over £500. Sign in" in shown
    assert "spend-2021-04.csv" not in shown


@pytest.mark.parametrize("who", ["officer", "anyone"])
async def test_every_figure_of_the_summary_leads_to_the_list_that_it_sums(
    who: str, officer: httpx.AsyncClient, anyone: httpx.AsyncClient
) -> None:
    browser = officer if who == "officer" else anyone
    leading = [link for link in links((await browser.get(HOME)).text) if "/payments" in link.href and "?" in link.href]
    assert len(leading) > 15
    for link in leading:
        total = TOTAL.search(text((await browser.get(link.href)).text))
        assert total is not None, link
        exact = link.title or link.text
        assert exact in {total[1], total[2]}, link


@pytest.mark.parametrize("who", ["officer", "anyone"])
async def test_every_link_opens(who: str, officer: httpx.AsyncClient, anyone: httpx.AsyncClient) -> None:
    browser = officer if who == "officer" else anyone
    seen: dict[str, int] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop().partition("#")[0]
        if path in seen or not path.startswith("/") or path == "/visit":
            continue
        answer = await browser.get(path, follow_redirects=True)
        seen[path] = answer.status_code
        if answer.headers.get("content-type", "").startswith("text/html"):
            waiting += [link.href for link in links(answer.text)]
    refused = {path: status for path, status in seen.items() if status != 200}
    of_others = {
        path
        for path, status in refused.items()
        if status in {401, 403}
        and any(kept in path for kept in ("/files", "/outcomes", "/names", "/orders", "/findings"))
    }
    events = {path for path, status in refused.items() if status == 404 and path.startswith("/events/")}
    assert set(refused) == of_others | events
    assert len(seen) > 60
    if who == "officer":
        assert not any(SALFORD in path for path in refused)


async def test_a_payment_opens_into_its_facts_and_they_into_their_bytes(officer: httpx.AsyncClient) -> None:
    page = (await officer.get(f"{HOME}/payments/P1")).text
    shown = text(page)
    assert "£40,000.00 to Acme Limited" in shown
    assert "Contract spend by department (rules of 1 January 2022)" in shown
    assert "Against the register On a named contract, in its term" in shown
    assert "Contract Grounds maintenance 1 January 2021 to 31 December 2022" in shown
    event = next(link.href for link in links(page) if link.href.startswith("/events/"))
    stored = await officer.get(f"{event}.json")
    assert stored.headers["content-type"] == "application/cloudevents+json"
    leaf = sha256(b"\0" + stored.content).hexdigest()
    told = text((await officer.get(event)).text)
    assert f"It must give {leaf}" in told
    assert json.loads(stored.content)["id"] == event.removeprefix("/events/")
    index = int(re.findall(r"Position GB-LAE-SLF/contracts/(\d+)", told)[0])
    assert f"/log/GB-LAE-SLF/tile/0/000.p/{index + 1} | tail -c +{index * 32 + 1} | head -c 32" in told


async def test_events_and_files_are_not_for_anyone(anyone: httpx.AsyncClient, site: Gateway) -> None:
    page = (await anyone.get(f"{HOME}/payments/P1")).text
    event = next(link.href for link in links(page) if link.href.startswith("/events/"))
    answers = [await anyone.get(path) for path in (event, f"{event}.json", f"{HOME}/files", f"{HOME}/files/{APRIL}")]
    assert [answer.status_code for answer in answers] == [404, 404, 401, 401]
    assert (await anyone.get(f"{HOME}/payments/P2")).status_code == 404
    assert (await anyone.get(f"{HOME}/files.csv")).status_code == 401
    assert (await anyone.get(f"{HOME}/files/{APRIL}.csv")).status_code == 401
    async with signed_in(site, DEVON) as devon:
        answers = [await devon.get(path) for path in (event, f"{HOME}/files", f"{HOME}/files/{APRIL}")]
    assert [answer.status_code for answer in answers] == [404, 403, 403]


async def test_what_was_known_on_monday_is_shown_as_of_monday(officer: httpx.AsyncClient) -> None:
    now = text((await officer.get(f"{HOME}/contracts/C1")).text)
    page = (await officer.get(f"{HOME}/contracts/C1", params={"as_known_at": "2022-07-04"})).text
    assert "Stated value £120,000.00" in now
    assert "Stated value £100,000.00" in text(page)
    assert "As known at 4 July 2022, 23:59:59 UTC." in text(page)
    kept = [link.href for link in links(page) if link.href.startswith(f"{HOME}/suppliers/")]
    assert kept
    assert all("as_known_at=2022-07-04" in href for href in kept)
    before = await officer.get(HOME, params={"as_known_at": "2020-01-01T00:00"})
    assert before.status_code == 404
    assert MONDAY.isoformat() > "2020"


async def test_a_source_file_accounts_for_its_rows(officer: httpx.AsyncClient) -> None:
    shown = text((await officer.get(f"{HOME}/files/{APRIL}")).text)
    assert "Read 7 £43,077.00 New 6 £43,000.00" in shown
    assert "Held from it now 6 £43,000.00" in shown
    register = text((await officer.get(f"{HOME}/files/{REGISTER}")).text)
    assert "Line Field" in register
    assert "about a million This is no amount. Write 1000000.00." in register


async def test_search_finds_suppliers_contracts_and_payments(anyone: httpx.AsyncClient) -> None:
    shown = text((await anyone.get(f"{HOME}/search", params={"q": "acme"})).text)
    assert "1 supplier " in shown
    assert "2 contracts " in shown
    assert "2 payments, £39,400.00" in shown
    nothing = text((await anyone.get(f"{HOME}/search", params={"q": "100%' OR 1=1 --<script>"})).text)
    assert nothing.count("None found.") == 3


async def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_a_list_leaves_as_csv_with_the_columns_that_councils_know(anyone: httpx.AsyncClient) -> None:
    answer = await anyone.get(f"{HOME}/payments.csv", params={"answer": "expired"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    found = await rows(answer)
    assert len(found) == 1
    assert found[0]["OrganisationURI"] == SALFORD
    assert found[0]["BeneficiaryName"] == "Acme Limited"
    assert (found[0]["Amount"], found[0]["PaymentDate"]) == ("-600.00", "2021-04-01")
    again = await anyone.get(f"{HOME}/payments", params={"answer": "expired", "format": "csv"})
    assert again.content == answer.content


async def test_the_csv_holds_every_row_of_the_list(officer: httpx.AsyncClient) -> None:
    found = await rows(await officer.get(f"{HOME}/payments.csv"))
    pence = [round(float(row["Amount"]) * 100) for row in found]
    assert (len(found), sum(pence)) == (6, 4_300_000)
    names = {row["BeneficiaryName"] for row in found}
    assert "Corner 100% Shop_" in names
    for part, count in (("contracts", 2), ("suppliers", 4), ("files", 2)):
        assert len(await rows(await officer.get(f"{HOME}/{part}.csv"))) >= count, part


async def test_withheld_names_are_told_to_the_council_only(
    anyone: httpx.AsyncClient, officer: httpx.AsyncClient
) -> None:
    for path in (f"{HOME}/payments", f"{HOME}/payments.csv", f"{HOME}/suppliers", f"{HOME}/payments/P5"):
        assert "REDACTED PERSONAL DATA" not in (await anyone.get(path)).text
    assert "REDACTED PERSONAL DATA" in (await officer.get(f"{HOME}/payments/P5")).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/organisations/GB-LAE-XXX", 404),
        ("/organisations/GB-LAE-XXX/payments", 404),
        (f"{HOME}/payments/none", 404),
        (f"{HOME}/contracts/none", 404),
        (f"{HOME}/suppliers/none", 404),
        ("/events/none", 404),
        ("/nowhere", 404),
        (f"{HOME}/payments?scope=everything", 400),
        (f"{HOME}/payments?answer=x", 400),
        (f"{HOME}/payments?sme=perhaps", 400),
        (f"{HOME}/payments?paid_from=yesterday", 400),
        (f"{HOME}/payments?order=random()", 400),
        (f"{HOME}/payments?after=eyJ4", 400),
        (f"{HOME}/payments?q={'x' * 300}", 400),
        (f"{HOME}/payments?q=%00", 400),
        (f"{HOME}?as_known_at=tomorrow", 400),
        (f"{HOME}?as_known_at=0001-01-01T00:00%2B14:00", 400),
        (f"{HOME}/contracts?in_force_on=31/13/2020", 400),
        (f"{HOME}/contracts?order=x", 400),
    ],
)
async def test_an_address_that_means_nothing_is_refused_in_words(
    anyone: httpx.AsyncClient, path: str, status: int
) -> None:
    answer = await anyone.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    program = await anyone.get(path, headers={"Accept": "application/json"})
    assert program.status_code == status
    assert set(program.json()["error"]) >= {"code", "message"}


async def test_what_was_published_is_shown_and_not_run(anyone: httpx.AsyncClient) -> None:
    page = await anyone.get(f"{HOME}/search", params={"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in page.text
    policy = page.headers["content-security-policy"]
    assert "'unsafe-inline'" not in policy
    assert "default-src 'none'" in policy
    inline = re.findall(r"<script(?![^>]*src=)[^>]*>|\sstyle=|\son\w+=", page.text)
    assert inline == []


async def test_supplier_page_adds_up(officer: httpx.AsyncClient) -> None:
    page = (await officer.get(f"{HOME}/suppliers/{ACME}")).text
    shown = text(page)
    assert "On the register Yes" in shown
    assert "Grounds maintenance" in shown
    for link in links(page):
        if "/payments?" in link.href and (link.title or link.text).startswith(("£", "−£")):
            total = TOTAL.search(text((await officer.get(link.href)).text))
            assert total is not None
            assert total[2] == (link.title or link.text)


async def test_while_the_read_models_are_away_people_are_told_to_come_back(
    site: Gateway, anyone: httpx.AsyncClient
) -> None:
    class Away:
        async def fetch(self, *_args: object) -> None:
            raise ConnectionRefusedError

    reads = site.app.state.reads
    site.app.state.reads = Away()
    try:
        answer = await anyone.get("/")
    finally:
        site.app.state.reads = reads
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Please come back in a moment" in answer.text


async def test_no_page_fetches_anything_from_elsewhere(anyone: httpx.AsyncClient) -> None:
    for path in ("/", HOME, "/sign-in", "/static/govuk.css", "/static/localpound.css"):
        body = (await anyone.get(path)).text
        assert re.findall(r"(?:src|href)=\"https?://(?!www\.nationalarchives)", body) == []
        assert "url(" not in body or not re.findall(r"url\([\"']?https?:", body)
    assert (await anyone.get("/docs")).status_code == 404
    kept = await anyone.get("/static/govuk.css")
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await anyone.get("/")).headers["cache-control"] == "no-store"
