"""A payee who is a person is named to the organisation that paid, and to nobody else, on any way in."""

import asyncpg
import httpx
import pytest

from gateway.policy import ANYONE, Viewer, sees_payee
from gateway.reads.visible import INDIVIDUAL
from schemas.individuals import is_individual
from services.spend.published import intake
from tests.integration.cli.command_line import ROOT
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, paid, scoped

COUNCIL, NAME = "GB-LAE-SLF", "Mrs Ada Lovelace"
OFFICER = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
QUERY = """query {
  payments(where: {organisation: "GB-LAE-SLF"}) { nodes { paymentId supplierName payeeId withheld supplier { name } } }
  found: payments(where: {organisation: "GB-LAE-SLF", search: "lovelace"}) { totals { count } }
  suppliers(where: {organisation: "GB-LAE-SLF", search: "lovelace"}) { totals { count } }
  paid: payments(where: {organisation: "GB-LAE-SLF", supplierId: "E-ADA"}) { totals { count } } }"""


@pytest.mark.parametrize(
    ("name", "individual"),
    [
        ("MR P A SMITH", True),
        ("Mrs. J Begum", True),
        ("Dr H Sutherland", True),
        ("MR & MRS D BROWN", True),
        (" Miss Amanda Curtis", True),
        ("Mr Sweets Limited", False),
        ("Dr L Addlestone & Partners", False),
        ("Mrs Helen Walker T/As Wholehearted", False),
        ("MR DOUGLAS HUGHES T/A OXFORDSHIRE ESTATES", False),
        ("MRS", False),
        ("Mrsomething Else", False),
        ("Drax Power", False),
        ("John Smith", False),
        ("", False),
    ],
)
def test_only_a_title_without_a_business_beside_it_says_that_it_is_a_person(name: str, individual: bool) -> None:
    assert is_individual(name) is individual
    assert sees_payee(ANYONE, COUNCIL, name, withheld=False) is not individual
    assert sees_payee(OFFICER, COUNCIL, name, withheld=True)
    assert not sees_payee(ANYONE, COUNCIL, name, withheld=True)


async def test_the_database_says_the_same_of_every_published_name(reads: asyncpg.Pool) -> None:
    names = {
        row.supplier_name
        for path in (*ROOT.glob("samples/*/*pend*.csv"), *ROOT.glob("samples/oxford/*.csv"))
        for row in intake.read(path.read_bytes()).rows
    }
    said = await reads.fetch(
        f"SELECT supplier_name FROM unnest($1::text[]) p(supplier_name) WHERE {INDIVIDUAL}",
        sorted(names),
    )
    assert len(names) > 5_000
    assert {row[0] for row in said} == {name for name in names if is_individual(name)}
    assert len(said) > 20


async def test_a_persons_name_is_for_the_organisation_alone(
    ask: Ask, ledger: Ledger, pages: httpx.AsyncClient, officer: httpx.AsyncClient
) -> None:
    fact = paid("ADA", 99_000, payee_id="E-ADA", supplier_name=NAME)
    await ledger.record(COUNCIL, "spend", "payment/ADA", fact, scoped("ADA"), at=MONDAY)
    seen = await ask(QUERY)
    (payment,) = [each for each in seen["payments"]["nodes"] if each["paymentId"] == "ADA"]
    assert payment == {"paymentId": "ADA", "supplierName": None, "payeeId": None, "withheld": False, "supplier": None}
    assert [seen[part]["totals"]["count"] for part in ("found", "suppliers", "paid")] == [0, 0, 0]
    whole = await ask(QUERY, OFFICER)
    (payment,) = [each for each in whole["payments"]["nodes"] if each["paymentId"] == "ADA"]
    assert (payment["supplierName"], payment["supplier"]) == (NAME, {"name": NAME})
    assert [whole[part]["totals"]["count"] for part in ("found", "suppliers", "paid")] == [1, 1, 1]
    at = f"/organisations/{COUNCIL}"
    for path in (
        "payments",
        "payments.csv",
        "suppliers",
        "suppliers.csv",
        "payments/ADA",
        "search?q=lovelace",
        "who.csv",
    ):
        assert "Ada Lovelace" not in (await pages.get(f"{at}/{path}")).text, path
    assert (await pages.get(f"{at}/suppliers/E-ADA")).status_code == 404
    assert "Withheld: a person" in (await pages.get(f"{at}/payments/ADA")).text
    for path in ("payments", "payments.csv", "suppliers", "payments/ADA"):
        assert NAME in (await officer.get(f"{at}/{path}")).text, path
