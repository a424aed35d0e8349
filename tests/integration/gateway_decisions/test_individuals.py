"""A payee who is a person is named to the organisation that paid, and to nobody else, on any way in."""

from datetime import date
from typing import Any

import asyncpg
import httpx
import pytest

from gateway.policy import ANYONE, Viewer, sees_payee
from gateway.reads.visible import INDIVIDUAL
from schemas.individuals import is_individual
from schemas.spend import PayeeWithholdingDecided, PaymentMatched
from services.spend.published import intake
from tests.integration.cli.command_line import ROOT
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, TUESDAY, WEDNESDAY, contract, paid, scoped

COUNCIL, NAME = "GB-LAE-SLF", "Mrs Ada Lovelace"
OFFICER = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
QUERY = """query ($word: String!, $payee: String!, $at: DateTime) {
  payments(where: {organisation: "GB-LAE-SLF"}, asKnownAt: $at) {
    nodes { paymentId supplierName payeeId withheld supplier { name } } }
  found: payments(where: {organisation: "GB-LAE-SLF", search: $word}, asKnownAt: $at) { totals { count } }
  suppliers(where: {organisation: "GB-LAE-SLF", search: $word}, asKnownAt: $at) { totals { count } }
  paid: payments(where: {organisation: "GB-LAE-SLF", supplierId: $payee}, asKnownAt: $at) { totals { count } } }"""
CONTRACT = """query { payments(where: {organisation: "GB-LAE-SLF", contractId: "C-KIN"}) { nodes { contractId } } }"""
ONE = """query { payment(organisation: "GB-LAE-SLF", paymentId: "KIN") {
  answer contractId contractReference candidates contract { title } } }"""
PARTS = ("found", "suppliers", "paid")


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
    await check_withheld(ask, pages, "ADA", "Lovelace")
    await check_named(ask, officer, "ADA", NAME)


async def test_a_payee_whom_a_person_withholds_is_as_unknown_outside_until_that_is_taken_back(
    ask: Ask, ledger: Ledger, pages: httpx.AsyncClient, officer: httpx.AsyncClient
) -> None:
    terms: dict[str, Any] = {
        "contract_id": "C-KIN", "reference": "K1", "supplier_id": "NAME-KIN", "supplier_name": "Kin Care Ltd",
        "title": "Care", "starts_on": date(2022, 1, 1), "ends_on": date(2022, 12, 31), "value_pence": None,
    }  # fmt: skip
    await ledger.record(COUNCIL, "contracts", "contract/C-KIN", contract(**terms), at=MONDAY)
    fact = paid("KIN", 99_000, payee_id="E-KIN", supplier_name="Grace Hopper", contract_reference="K1")
    matched = PaymentMatched(payment_id="KIN", supplier_id="NAME-KIN", contract_id="C-KIN")
    await ledger.record(COUNCIL, "spend", "payment/KIN", fact, scoped("KIN"), matched, at=MONDAY)
    await check_named(ask, pages, "KIN", "Grace Hopper", ANYONE)
    withheld = PayeeWithholdingDecided(payee_id="E-KIN", decision="withheld", reason="A foster carer")
    await ledger.record(COUNCIL, "spend", "payee/E-KIN", withheld, at=TUESDAY)
    await check_withheld(ask, pages, "KIN", "Hopper")
    await check_withheld(ask, pages, "KIN", "Hopper", at=MONDAY.isoformat())
    await check_named(ask, officer, "KIN", "Grace Hopper")
    whose = {"contractId": None, "contractReference": None, "candidates": [], "contract": None}
    assert (await ask(CONTRACT))["payments"]["nodes"] == [], "the contract names its supplier"
    assert (await ask(ONE))["payment"] == whose | {"answer": "ON_CONTRACT"}
    assert [each["contractId"] for each in (await ask(CONTRACT, OFFICER))["payments"]["nodes"]] == ["C-KIN"]
    later = paid("KIN2", 99_000, payee_id="E-KIN", supplier_name="GRACE HOPPER")
    await ledger.record(COUNCIL, "spend", "payment/KIN2", later, scoped("KIN2"), at=WEDNESDAY)
    assert "HOPPER" not in (await pages.get(f"/organisations/{COUNCIL}/payments/KIN2")).text
    again = PayeeWithholdingDecided(payee_id="E-KIN", decision="withdrawn", reason="A firm of that name")
    await ledger.record(COUNCIL, "spend", "payee/E-KIN", again, at=WEDNESDAY)
    await check_named(ask, pages, "KIN", "Grace Hopper", ANYONE)


async def check_withheld(ask: Ask, pages: httpx.AsyncClient, payment_id: str, word: str, at: str | None = None) -> None:
    """Nobody outside learns who was paid, on any way."""
    seen = await ask(QUERY, word=word, payee=f"E-{payment_id}", at=at)
    (payment,) = [each for each in seen["payments"]["nodes"] if each["paymentId"] == payment_id]
    assert payment == {
        "paymentId": payment_id, "supplierName": None, "payeeId": None, "withheld": False, "supplier": None,
    }  # fmt: skip
    assert [seen[part]["totals"]["count"] for part in PARTS] == [0, 0, 0]
    home = f"/organisations/{COUNCIL}"
    paths = (
        "payments",
        "payments.csv",
        "suppliers",
        "suppliers.csv",
        f"payments/{payment_id}",
        "search?q=a",
        "who.csv",
    )
    for path in paths:
        assert word.lower() not in (await pages.get(f"{home}/{path}")).text.lower(), path
    assert (await pages.get(f"{home}/suppliers/E-{payment_id}")).status_code == 404
    assert "Withheld by the organisation" in (await pages.get(f"{home}/payments/{payment_id}")).text


async def check_named(
    ask: Ask, browser: httpx.AsyncClient, payment_id: str, name: str, viewer: Viewer = OFFICER
) -> None:
    """Who may know sees who was paid."""
    whole = await ask(QUERY, viewer, word=name.rsplit(maxsplit=1)[-1], payee=f"E-{payment_id}")
    (payment,) = [each for each in whole["payments"]["nodes"] if each["paymentId"] == payment_id]
    assert (payment["supplierName"], payment["supplier"]) == (name, {"name": name})
    assert [whole[part]["totals"]["count"] for part in PARTS] >= [1, 1, 1]
    for path in ("payments", "payments.csv", "suppliers", f"payments/{payment_id}"):
        assert name in (await browser.get(f"/organisations/{COUNCIL}/{path}")).text, path
