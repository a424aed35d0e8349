"""Social value on the pages: promised on a contract, claimed, found true; for those who may see it, and with its facts."""

import csv
import io

import httpx
import pytest

from tests.builders import DEVON, SALFORD
from tests.gateway import Gateway
from tests.integration.pages.conftest import signed_in
from tests.integration.pages.reading import links, text

HOME = f"/organisations/{SALFORD}"
ROW = "NT1 Local jobs Grounds maintenance 31 December 2022 52 weeks 13 weeks 12 weeks"


async def test_the_list_says_what_was_promised_claimed_and_found_true(officer: httpx.AsyncClient) -> None:
    page = (await officer.get(f"{HOME}/outcomes")).text
    assert "1 commitment; their units differ, so that nothing is added up" in text(page)
    assert ROW in text(page)
    found = {link.text: link.href for link in links(page)}
    assert found["52 weeks"] == f"{HOME}/outcomes/K1"
    assert found["13 weeks"] == found["12 weeks"] == f"{HOME}/outcomes/K1#claims"
    assert found["Grounds maintenance"] == f"{HOME}/contracts/C1"
    assert found["Social value"] == f"{HOME}/outcomes"


async def test_a_commitment_opens_into_its_claims_which_add_up_to_its_figures(officer: httpx.AsyncClient) -> None:
    page = (await officer.get(f"{HOME}/outcomes/K1")).text
    shown = text(page)
    assert "Promised 52 weeks Claimed so far 13 weeks Found true so far 12 weeks" in shown
    assert "30 June 2022 GB-COH-00000010 13 weeks 12 weeks In part By GB-COH-00000020 eeeeeeeeeeee…" in shown
    assert "Together 1 claim 13 weeks 12 weeks" in shown
    assert 'id="claims"' in page
    for fact in ("Social value was promised", "An outcome was claimed", "An outcome was verified"):
        assert fact in shown
    same = next(link.href for link in links(page) if link.text == "NT1 Local jobs")
    assert ROW in text((await officer.get(same)).text)


async def test_a_contracts_page_leads_to_the_list_of_what_was_promised_on_it(officer: httpx.AsyncClient) -> None:
    page = (await officer.get(f"{HOME}/contracts/C1")).text
    assert "Social value promised on it" in text(page)
    assert "1 commitment on record." in text(page)
    assert ROW in text(page)
    more = next(link for link in links(page) if link.text == "All commitments on it, and as CSV")
    listed = text((await officer.get(more.href)).text)
    assert "Only: contract: Grounds maintenance" in listed
    assert "1 commitment;" in listed
    other = text((await officer.get(f"{HOME}/contracts/C2")).text)
    assert "Social value promised on it None on record." in other
    assert "Nothing on record matches." in text((await officer.get(f"{HOME}/outcomes?contract=C2")).text)


async def test_it_leaves_as_csv(officer: httpx.AsyncClient) -> None:
    answer = await officer.get(f"{HOME}/outcomes.csv", params={"contract": "C1"})
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert row == {
        "OrganisationLabel": "Salford City Council",
        "OrganisationURI": SALFORD,
        "Measure": "NT1 Local jobs",
        "Unit": "weeks",
        "Promised": "52.00",
        "Claimed": "13.00",
        "FoundTrue": "12.00",
        "DueOn": "2022-12-31",
        "ContractId": "C1",
        "CommitmentId": "K1",
    }


async def test_it_was_not_known_before_it_was_learnt(officer: httpx.AsyncClient) -> None:
    monday = {"as_known_at": "2022-07-04T12:00"}
    assert "Nothing on record matches." in text((await officer.get(f"{HOME}/outcomes", params=monday)).text)
    assert (await officer.get(f"{HOME}/outcomes/K1", params=monday)).status_code == 404


@pytest.mark.parametrize("path", ["outcomes", "outcomes.csv", "outcomes/K1"])
async def test_it_needs_the_organisations_key(site: Gateway, anyone: httpx.AsyncClient, path: str) -> None:
    assert (await anyone.get(f"{HOME}/{path}")).status_code == 401
    async with signed_in(site, DEVON) as devons:
        assert (await devons.get(f"{HOME}/{path}")).status_code == 403
        assert "Social value promised" not in (await devons.get(f"{HOME}/contracts/C1")).text
    assert "Social value promised" not in (await anyone.get(f"{HOME}/contracts/C1")).text


@pytest.mark.parametrize(
    ("path", "status"), [("outcomes/none", 404), ("outcomes?order=random()", 400), ("outcomes?after=eyJ4", 400)]
)
async def test_an_address_that_means_nothing_is_refused(officer: httpx.AsyncClient, path: str, status: int) -> None:
    assert (await officer.get(f"{HOME}/{path}")).status_code == status
