"""Names that were paid, on pages: who they are, why, whom a person must still decide on; for officers only."""

import csv
import io

import httpx

from tests.builders import DEVON, SALFORD
from tests.integration.pages.reading import links, text

HOME = f"/organisations/{SALFORD}"


async def test_the_list_says_who_each_name_is_and_whom_it_may_be(officer: httpx.AsyncClient) -> None:
    page = (await officer.get(f"{HOME}/names")).text
    shown = text(page)
    assert "2 names, paid" in shown
    assert "Acme Limited Acme Limited The same name" in shown
    assert "Corner 100% Shop_ Acme Limited Proposed a letter or two differ" in shown
    found = {link.text: link.href for link in links(page)}
    assert found["Names and links"] == f"{HOME}/names"
    assert found["Corner 100% Shop_"] == f"{HOME}/names/E-CORNER"
    only = text((await officer.get(f"{HOME}/names?state=proposed")).text)
    assert "1 name, paid" in only
    assert "Only: state: To be decided" in only
    assert (await officer.get(f"{HOME}/names?state=perhaps")).status_code == 400


async def test_a_name_opens_into_its_evidence(officer: httpx.AsyncClient) -> None:
    shown = text((await officer.get(f"{HOME}/names/E-CORNER")).text)
    assert "Nothing rests on a proposal until a person accepts it." in shown
    assert "a letter or two differ 917 of 1,000" in shown
    assert "A payee may be a supplier of the register: a person is asked" in shown
    assert (await officer.get(f"{HOME}/names/E-NOBODY")).status_code == 404


async def test_names_leave_as_csv(officer: httpx.AsyncClient) -> None:
    answer = await officer.get(f"{HOME}/names.csv", params={"state": "proposed"})
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["PayeeId"], row["State"], row["SupplierId"], row["CandidateEvidence"]) == (
        "E-CORNER", "proposed", "", "a letter or two differ",
    )  # fmt: skip


async def test_only_the_organisation_sees_its_names(officer: httpx.AsyncClient, anyone: httpx.AsyncClient) -> None:
    assert (await anyone.get(f"{HOME}/names")).status_code == 401
    assert (await anyone.get(f"{HOME}/names.csv")).status_code == 401
    assert (await officer.get(f"/organisations/{DEVON}/names")).status_code == 403
