"""Every figure of spend and compliance can be cut off by a day of payment, as a year of account is."""

from datetime import date
from typing import Any

from gateway.policy import Viewer
from schemas.spend import PaymentMatched, PaymentUnmatched, PurchaseOrderRaised, SupplierMatched
from tests.integration.gateway_decisions.conftest import Pages
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, contract, paid, scoped

COUNCIL = "GB-LAE-WGN"
OWN = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
ELM = "GB-COH-00000077"
YEAR_END = date(2022, 3, 31)
SUMS = """query ($day: Date) {
  organisations(asOf: $day) { totals { netPence } }
  organisation(organisation: "GB-LAE-WGN", asOf: $day) {
    summary { total { count netPence } byAnswer { value netPence } }
    who { shares { ofAll { yes no unknown } } }
    findings(first: 5) { nodes { code atStakePence } }
    duplicates(first: 5) { nodes { atStakePence } } }
  payments(first: 1, where: {organisation: "GB-LAE-WGN"}, asOf: $day) { totals { count netPence } }
}"""
LISTS = """query ($day: Date) {
  figures(by: SCOPE, where: {organisation: "GB-LAE-WGN"}, asOf: $day) { netPence }
  suppliers(first: 5, where: {organisation: "GB-LAE-WGN"}, asOf: $day) { totals { netPence } nodes { netPence } }
  supplier(organisation: "GB-LAE-WGN", supplierId: "GB-COH-00000077", asOf: $day) { netPence }
  contract(organisation: "GB-LAE-WGN", contractId: "W1", asOf: $day) { burn { paidPence asOf elapsedPercent } }
  contracts(first: 5, where: {organisation: "GB-LAE-WGN"}, asOf: $day) { nodes { burn { paidPence } } }
  paidNames(first: 5, where: {organisation: "GB-LAE-WGN"}, asOf: $day) { nodes { netPence } }
  purchaseOrders(first: 5, organisation: "GB-LAE-WGN", asOf: $day) { nodes { paidPence } } }"""


async def tell(ledger: Ledger) -> None:
    terms: dict[str, Any] = {
        "contract_id": "W1", "title": "Ditches", "supplier_id": ELM, "supplier_name": "Elm Ltd", "value_pence": 100_000,
        "annual_pence": None, "starts_on": date(2021, 4, 1), "ends_on": date(2023, 3, 31),
    }  # fmt: skip
    await ledger.record(COUNCIL, "contracts", "contract/W1", contract(**terms), at=MONDAY)
    matched = SupplierMatched(payee_id="E-ELM", supplier_id=ELM, supplier_name="Elm Ltd", basis="company_number")
    await ledger.record(COUNCIL, "spend", "payee/E-ELM", matched, at=MONDAY)
    order = PurchaseOrderRaised(
        purchase_order="PO1", raised_on=date(2021, 4, 1), supplier_name="Elm Ltd", supplier_code=None,
        company_number=None, contract_reference=None, net_pence=None, department="", description="",
    )  # fmt: skip
    await ledger.record(COUNCIL, "spend", "purchase-order/PO1", order, at=MONDAY)

    async def pay(payment: str, pence: int, name: str, on: date, judged: Any, **said: Any) -> None:
        fact = paid(payment, pence, payee_id=f"E-{name.upper()}", supplier_name=f"{name} Ltd", paid_on=on, **said)
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", fact, scoped(payment), judged, at=MONDAY)

    for number, (on, pence) in enumerate(((YEAR_END, 60_000), (date(2022, 4, 1), 70_000))):
        on_contract = PaymentMatched(payment_id=f"W{number}", supplier_id=ELM, contract_id="W1")
        await pay(f"W{number}", pence, "Elm", on, on_contract, purchase_order="PO1")
    for number, on in enumerate((date(2022, 3, 30), date(2022, 4, 29))):
        none = PaymentUnmatched(payment_id=f"X{number}", answer="no_contract", supplier_id=None, candidates=())
        await pay(f"X{number}", 3_000_000, "Fir", on, none, invoice_number="INV1", document_number=f"D{number}")


async def asked(ask: Ask, day: date | None = None) -> Any:
    """All answers together."""
    on = None if day is None else day.isoformat()
    return {**await ask(SUMS, OWN, day=on), **await ask(LISTS, OWN, day=on)}


async def test_what_is_paid_after_the_day_counts_in_no_figure(ask: Ask, ledger: Ledger) -> None:
    await tell(ledger)
    now, then = await asked(ask), await asked(ask, YEAR_END)
    assert now["payments"]["totals"] == {"count": 4, "netPence": 6_130_000}
    assert then["payments"]["totals"] == {"count": 2, "netPence": 3_060_000}
    others_too = now["organisations"]["totals"]["netPence"] - then["organisations"]["totals"]["netPence"]
    assert others_too >= 3_070_000
    summary = then["organisation"]["summary"]
    assert summary["total"] == {"count": 2, "netPence": 3_060_000}
    assert {f["value"]: f["netPence"] for f in summary["byAnswer"]} == {"no_contract": 3_000_000, "on_contract": 60_000}
    assert then["figures"] == [{"netPence": 3_060_000}]
    shares = then["organisation"]["who"]["shares"]
    assert {sum(share["ofAll"].values()) for share in shares} == {3_060_000}
    assert then["suppliers"]["totals"]["netPence"] == 3_060_000
    assert (now["supplier"]["netPence"], then["supplier"]["netPence"]) == (130_000, 60_000)
    assert then["paidNames"]["nodes"] == [{"netPence": 60_000}]
    assert (now["purchaseOrders"]["nodes"], then["purchaseOrders"]["nodes"]) == (
        [{"paidPence": 130_000}], [{"paidPence": 60_000}],
    )  # fmt: skip


async def test_findings_duplicates_and_a_contracts_burn_are_cut_off_too(ask: Ask, ledger: Ledger) -> None:
    await tell(ledger)
    now, then = await asked(ask), await asked(ask, YEAR_END)
    assert [(f["code"], f["atStakePence"]) for f in now["organisation"]["findings"]["nodes"]] == [
        ("no_contract", 6_000_000), ("over_value", 30_000),
    ]  # fmt: skip
    assert [(f["code"], f["atStakePence"]) for f in then["organisation"]["findings"]["nodes"]] == [
        ("no_contract", 3_000_000)
    ]
    assert [d["atStakePence"] for d in now["organisation"]["duplicates"]["nodes"]] == [3_000_000]
    assert then["organisation"]["duplicates"]["nodes"] == []
    assert then["contract"]["burn"] == {"paidPence": 60_000, "asOf": "2022-03-31", "elapsedPercent": "50.0"}
    assert then["contracts"]["nodes"] == [{"burn": {"paidPence": 60_000}}]


async def test_pages_are_cut_off_and_lead_on_so(pages: Pages, ledger: Ledger) -> None:
    await tell(ledger)
    home = f"/organisations/{COUNCIL}"
    page = (await pages.get(f"{home}?as_of=2022-03-31")).text
    assert "Of payments up to 31 March 2022." in page
    assert "£30,600.00" in page
    assert "£61,300.00" not in page
    assert f"{home}/payments?scope=contract_spend&amp;as_of=2022-03-31" in page
    listed = (await pages.get(f"{home}/payments.csv?as_of=2022-03-31")).text
    assert len(listed.strip().splitlines()) == 1 + 2
    both = (await pages.get(f"{home}?as_of=2022-03-31&as_known_at=2022-07-04")).text
    assert "As known at" in both
    assert "as_known_at=2022-07-04&amp;as_of=2022-03-31" in both
    refused = await pages.get(f"{home}?as_of=31/03/2022")
    assert refused.status_code == 400
    assert "Give a day, as 2026-03-31." in refused.text
