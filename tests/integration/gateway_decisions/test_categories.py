"""What was bought: on a person's word, else the contract's, else the account's; and never guessed."""

from datetime import date
from itertools import product
from typing import Any

import asyncpg

from gateway.reads.categories import FIRST_LEVEL
from schemas import proclass
from schemas.spend import CompanyDescribed, PaymentCategoryDecided, PaymentMatched, PaymentScoped, PurchaseOrderRaised
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import ACME, MONDAY, TUESDAY, WEDNESDAY, contract, paid, unmatched

COUNCIL = "GB-LAE-CAT"
QUERY = """query ($at: DateTime) {
  figures(by: CATEGORY, where: {organisation: "GB-LAE-CAT"}, asKnownAt: $at) {
    value netPence payments { nodes { paymentId category { code name source confidence because } } } } }"""


def _scoped(payment: str, code: str | None) -> PaymentScoped:
    more: dict[str, Any] = {}
    if code:
        more = {"category_code": code, "category_rule": "account is computers", "category_confidence": "high",
                "category_rules_dated": date(2026, 11, 23)}  # fmt: skip
    return PaymentScoped(payment_id=payment, scope="contract_spend", rule="r", rules_dated=date(2026, 11, 23), **more)


async def test_a_persons_word_goes_before_the_contracts_and_that_before_the_accounts(ask: Ask, ledger: Ledger) -> None:
    awarded = contract(contract_id="T9", category_code="321100", category_label="Children")
    await ledger.record(COUNCIL, "contracts", "contract/T9", awarded, at=MONDAY)
    for number, (code, judged) in enumerate(
        [
            ("270000", unmatched("T-1")),
            ("270000", PaymentMatched(payment_id="T-2", supplier_id=ACME, contract_id="T9")),
            (None, unmatched("T-3")),
        ],
        1,
    ):
        payment = f"T-{number}"
        facts = (paid(payment, 100_000 * number), _scoped(payment, code), judged)
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", *facts, at=TUESDAY)
    decided = PaymentCategoryDecided(
        payment_id="T-1", decision="decided", category_code="391400", reason="Roads, as the invoice says"
    )
    await ledger.record(COUNCIL, "spend", "payment/T-1", decided, at=WEDNESDAY)
    on_contract = {
        "code": "321100", "name": "Social Community Care Supplies & Services - Children", "source": "contract",
        "confidence": "high", "because": "the register says so of the contract",
    }  # fmt: skip
    by_account = {
        "code": "270000", "name": proclass.category_name("270000"), "source": "account", "confidence": "high",
        "because": "account is computers",
    }  # fmt: skip
    by_person = {
        "code": "391400", "name": proclass.category_name("391400"), "source": "person", "confidence": "high",
        "because": "a person decided",
    }  # fmt: skip

    def part(value: str, number: int, category: Any) -> dict[str, Any]:
        nodes = [{"paymentId": f"T-{number}", "category": category}]
        return {"value": value, "netPence": str(100_000 * number), "payments": {"nodes": nodes}}

    unknown, social = part("", 3, None), part("410000", 2, on_contract)
    before = (await ask(QUERY, at=TUESDAY.isoformat()))["figures"]
    assert [(each["value"], each["payments"]) for each in before] == [
        (each["value"], each["payments"]) for each in (unknown, social, part("270000", 1, by_account))
    ]
    now = (await ask(QUERY))["figures"]
    assert [each["payments"] for each in now] == [
        each["payments"] for each in (unknown, social, part("390000", 1, by_person))
    ]
    assert [int(each["netPence"]) for each in now] == [300_000, 200_000, 100_000]


async def test_the_order_goes_before_the_account(ask: Ask, ledger: Ledger) -> None:
    council = "GB-LAE-ORD"
    order = PurchaseOrderRaised(
        purchase_order="PO-1", raised_on=date(2022, 6, 1), supplier_name="Acme", supplier_code=None,
        company_number=None, contract_reference=None, net_pence=None, department="", description="",
        proclass_code="391400",
    )  # fmt: skip
    await ledger.record(council, "spend", "purchase-order/PO-1", order, at=MONDAY)
    fact = paid("O-1", 100_000, purchase_order="PO-1")
    await ledger.record(council, "spend", "payment/O-1", fact, _scoped("O-1", "270000"), at=MONDAY)
    (roads,) = (await ask(QUERY.replace(COUNCIL, council)))["figures"]
    assert (roads["value"], roads["payments"]["nodes"][0]["category"]["source"]) == ("390000", "order")


async def test_the_suppliers_trade_says_what_was_bought_where_nobody_else_does(ask: Ask, ledger: Ledger) -> None:
    council, number = "GB-LAE-CAS", "00000088"
    described = CompanyDescribed(
        company_number=number, name="ROOFS LTD", category="Private Limited Company", status="Active",
        accounts_category=None, postcode=None, sic_codes=("43910",), incorporated_on=None, file_id="f",
        stated_on=date(2026, 11, 1),
    )  # fmt: skip
    await ledger.record(council, "spend", f"company/{number}", described, at=TUESDAY)
    for payment, scope in (("U-1", "contract_spend"), ("U-2", "grant")):
        placed = PaymentScoped(payment_id=payment, scope=scope, rule="r", rules_dated=date(2026, 11, 23))  # type: ignore[arg-type]
        fact = paid(payment, 100_000, company_number=number)
        await ledger.record(council, "spend", f"payment/{payment}", fact, placed, at=MONDAY)
    query = QUERY.replace(COUNCIL, council)
    now = (await ask(query))["figures"]
    assert [(each["value"], each["netPence"]) for each in now] == [("", 100_000), ("390000", 100_000)]
    (roofs,) = now[1]["payments"]["nodes"]
    assert (roofs["category"]["source"], roofs["category"]["confidence"]) == ("supplier", "low")
    assert now[0]["payments"]["nodes"] == [{"paymentId": "U-2", "category": None}]
    before = (await ask(query, at=MONDAY.isoformat()))["figures"]
    assert [(each["value"], each["netPence"]) for each in before] == [("", 200_000)]


async def test_the_database_adds_up_by_the_first_level_that_the_codes_have(reads: asyncpg.Pool) -> None:
    for first, rest in product(range(10, 42), ("0000", "1300")):
        code = f"{first}{rest}"
        found = await reads.fetchval(
            f"SELECT {FIRST_LEVEL} FROM (SELECT $1::text AS category_decided, NULL AS category_code) p,"
            " (SELECT NULL AS category_code) k, (SELECT NULL AS proclass_code) o, (SELECT NULL AS proclass_code) t",
            code,
        )
        assert found == proclass.first_level(code), code
