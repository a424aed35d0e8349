"""Orders after invoices, contracts of others, cards beside contracts: from facts to the organisation's own people."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from gateway.policy import Viewer
from schemas.spend import PaymentUnmatched, PurchaseOrderRaised, SupplierMatched
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, TUESDAY, contract, paid, scoped

COUNCIL = "GB-LAE-STS"
OWN = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
OAK, ASH = "GB-COH-00000088", "GB-COH-00000089"
QUERY = """query ($at: DateTime, $code: String) { organisation(organisation: "GB-LAE-STS", asKnownAt: $at) { findings(code: $code) {
  nodes { code cause causeId name atStakePence payments inputs { name value } } } } }"""


async def tell(ledger: Ledger) -> None:
    for name, supplier in (("B1", OAK), ("B2", ASH)):
        terms: dict[str, Any] = {
            "contract_id": name, "reference": name, "title": f"Works {name}", "supplier_id": supplier,
            "starts_on": date(2022, 1, 1), "ends_on": date(2022, 12, 31), "value_pence": None, "annual_pence": None,
        }  # fmt: skip
        await ledger.record(COUNCIL, "contracts", f"contract/{name}", contract(**terms), at=MONDAY)
    for payee, supplier in (("E-OAK", OAK), ("E-ASH", ASH)):
        matched = SupplierMatched(payee_id=payee, supplier_id=supplier, supplier_name=payee, basis="company_number")
        await ledger.record(COUNCIL, "spend", f"payee/{payee}", matched, at=MONDAY)
    raised = PurchaseOrderRaised(
        purchase_order="PO-9", raised_on=date(2022, 6, 10), supplier_name="Oak Ltd", supplier_code=None,
        company_number=None, contract_reference=None, net_pence=None, department="", description="",
    )  # fmt: skip
    await ledger.record(COUNCIL, "spend", "purchase-order/PO-9", raised, at=MONDAY)

    async def pay(payment: str, scope: str = "contract_spend", at: Any = MONDAY, **more: Any) -> None:
        given = {"payee_id": "E-OAK", "supplier_name": "Oak Ltd", "paid_on": date(2022, 6, 20)} | more
        none = PaymentUnmatched(payment_id=payment, answer="ambiguous", supplier_id=None, candidates=())
        facts = [paid(payment, 80_000, **given), scoped(payment, scope), *([none] if scope == "contract_spend" else [])]
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", *facts, at=at)

    await pay("B1", purchase_order="PO-9", invoice_date=date(2022, 6, 1))
    await pay("B2", purchase_order="PO-9", invoice_date=date(2022, 6, 10))
    await pay("B3", contract_reference="B2")
    await pay("B4", contract_reference="B1")
    await pay("B5", scope="card")
    await pay("B6", scope="card", at=TUESDAY)
    await pay("B7", scope="card", paid_on=date(2021, 12, 31))


async def test_each_is_asked_once_for_its_cause_as_known_on_a_day(ask: Ask, ledger: Ledger) -> None:
    await tell(ledger)

    async def asked(at: Any = None) -> set[tuple[Any, ...]]:
        nodes = (await ask(QUERY, OWN, **({"at": at.isoformat()} if at else {})))["organisation"]["findings"]["nodes"]
        return {(n["code"], n["cause"], n["causeId"], n["atStakePence"], n["payments"]) for n in nodes}

    late, other = ("late_order", "supplier", OAK, 80_000, 1), ("other_party", "contract", "B2", 80_000, 1)
    assert await asked(MONDAY) == {late, other, ("card_on_contract", "supplier", OAK, 80_000, 1)}
    assert await asked() == {late, other, ("card_on_contract", "supplier", OAK, 160_000, 2)}


async def test_what_names_nothing_and_what_a_category_comes_to(ask: Ask, ledger: Ledger) -> None:
    for number, (pence, order) in enumerate(
        [(2_600_000, "PO-1"), (2_500_000, None), (2_000_000, None), (2_499_999, None)]
    ):
        payment, payee = f"N{number}", f"E-NEW{number}"
        fact = paid(
            payment,
            pence,
            payee_id=payee,
            supplier_name=f"New {number} Ltd",
            paid_on=date(2022, 6, 20),
            purchase_order=order,
        )
        none = PaymentUnmatched(payment_id=payment, answer="no_contract", supplier_id=None, candidates=())
        placed = replace(scoped(payment), category_code="140000")
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", fact, placed, none, at=MONDAY)

    async def asked(**given: Any) -> list[tuple[Any, ...]]:
        nodes = (await ask(QUERY, OWN, **given))["organisation"]["findings"]["nodes"]
        return [(n["code"], n["cause"], n["causeId"], n["name"], n["atStakePence"], n["payments"]) for n in nodes]

    clothing = ("category_total", "category", "140000", "Clothing", 4_499_999, 2)
    assert clothing in await asked()
    assert await asked(code="category_total") == [clothing]
    assert await asked(code="missing_reference") == [], "half of them name one"
    for number in range(8):
        payment = f"R{number}"
        fact = paid(payment, 2_500_000, payee_id="E-OAK", supplier_name="Oak Ltd", purchase_order="PO-1")
        none = PaymentUnmatched(payment_id=payment, answer="ambiguous", supplier_id=None, candidates=())
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", fact, scoped(payment), none, at=MONDAY)
    without = ("missing_reference", "supplier", "E-NEW1", "New 1 Ltd", 2_500_000, 1)
    assert await asked(code="missing_reference") == [without]
    assert without in await asked()
