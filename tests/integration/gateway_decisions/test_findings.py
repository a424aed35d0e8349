"""What is to be explained, from facts to partners: for the organisation's own people, as known on any day, one per cause."""

from datetime import date
from typing import Any

from gateway.policy import Viewer
from schemas.spend import (
    FindingAnswered,
    FindingAssigned,
    PaymentMatched,
    PaymentUnmatched,
    PaymentVoided,
    SupplierLinkProposed,
    SupplierMatched,
)
from tests.integration.gateway_decisions.conftest import Pages
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, TUESDAY, WEDNESDAY, contract, paid, scoped, supplier

COUNCIL = "GB-LAE-OLD"
OWN = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
OAK = "GB-COH-00000088"
QUERY = """query ($at: DateTime, $code: String, $first: Int = 50) {
  organisation(organisation: "GB-LAE-OLD", asKnownAt: $at) {
    findings(first: $first, code: $code) { count rulesDated byRule { code count atStakePence }
      nodes { findingId code question cause causeId name atStakePence payments inputs { name value } } } } }"""
NO_CONTRACT = ("no_contract", "supplier", "E-ASH", "Ash Ltd", 2_600_000, 2)
OVER_VALUE = ("over_value", "contract", "OAK1", "Fences", 50_000, 1)
AFTER_END = ("after_end", "supplier", OAK, "Oak Ltd", 30_000, 1)


async def tell(ledger: Ledger) -> None:
    terms: dict[str, Any] = {
        "contract_id": "OAK1", "title": "Fences", "supplier_id": OAK, "supplier_name": "Oak Ltd", "value_pence": 100_000,
        "annual_pence": None, "starts_on": date(2021, 1, 1), "ends_on": date(2021, 12, 31),
    }  # fmt: skip
    await ledger.record(COUNCIL, "contracts", "contract/OAK1", contract(**terms), at=MONDAY)
    stated = supplier(OAK, "Oak Ltd", None, None, 1)
    await ledger.record(COUNCIL, "contracts", f"supplier/{OAK}", stated, at=MONDAY)
    matched = SupplierMatched(payee_id="E-OAK", supplier_id=OAK, supplier_name="Oak Ltd", basis="company_number")
    await ledger.record(COUNCIL, "spend", "payee/E-OAK", matched, at=MONDAY)

    async def pay(payment: str, pence: int, name: str, on: date, judged: Any, at: Any = MONDAY) -> None:
        fact = paid(payment, pence, payee_id=f"E-{name.upper()}", supplier_name=f"{name} Ltd", paid_on=on)
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", fact, scoped(payment), judged, at=at)

    def without(payment: str, answer: Any, *candidates: str) -> PaymentUnmatched:
        return PaymentUnmatched(payment_id=payment, answer=answer, supplier_id=None, candidates=candidates)

    on_contract = PaymentMatched(payment_id="F1", supplier_id=OAK, contract_id="OAK1")
    await pay("F1", 150_000, "Oak", date(2021, 6, 1), on_contract)
    await pay("F2", 30_000, "Oak", date(2022, 6, 1), without("F2", "expired", "OAK1"))
    await pay("F3", 2_500_000, "Ash", date(2022, 6, 1), without("F3", "no_contract"))
    await pay("F4", 100_000, "Ash", date(2022, 7, 1), without("F4", "no_contract"), TUESDAY)
    await pay("F5", 9_999_999, "Elm", date(2022, 7, 1), without("F5", "no_contract"))
    voided = PaymentVoided(payment_id="F5", voided_on=date(2022, 7, 2), reason="Paid twice")
    await ledger.record(COUNCIL, "spend", "payment/F5", voided, at=MONDAY)
    perhaps = SupplierLinkProposed(
        payee_id="E-ASH", supplier_name="Ash Ltd", candidates=(OAK,), evidence=("it is made",), scores=(500,),
        rules_dated=date(2026, 11, 28),
    )  # fmt: skip
    await ledger.record(COUNCIL, "spend", "payee/E-ASH", perhaps, at=TUESDAY)


def told(answer: Any) -> list[tuple[Any, ...]]:
    return [
        tuple(each[name] for name in ("code", "cause", "causeId", "name", "atStakePence", "payments"))
        for each in answer["organisation"]["findings"]["nodes"]
    ]


async def test_one_question_for_each_cause_the_most_money_first(ask: Ask, ledger: Ledger) -> None:
    await tell(ledger)
    now = await ask(QUERY, OWN)
    assert told(now) == [NO_CONTRACT, OVER_VALUE, AFTER_END]
    inputs = [{i["name"]: i["value"] for i in each["inputs"]} for each in now["organisation"]["findings"]["nodes"]]
    assert inputs == [
        {"band": "£25,000.00", "most_in_twelve_months": "£26,000.00", "from_month": "2022-06", "may_be": "Oak Ltd"},
        {"value": "£1,000.00", "total_paid": "£1,500.00"},
        {"last_end": "2021-12-31"},
    ]
    monday = await ask(QUERY, OWN, at=MONDAY.isoformat())
    assert told(monday) == [(*NO_CONTRACT[:4], 2_500_000, 1), OVER_VALUE, AFTER_END]
    assert "may_be" not in str(monday), "nobody had asked yet who it is"
    ids = [[each["findingId"] for each in answer["organisation"]["findings"]["nodes"]] for answer in (now, monday)]
    assert ids[0] == ids[1]
    assert told(await ask(QUERY, OWN, code="after_end")) == [AFTER_END]
    rules = {r["code"]: (r["count"], r["atStakePence"]) for r in now["organisation"]["findings"]["byRule"]}
    assert {code: found for code, found in rules.items() if found != (0, 0)} == {
        "no_contract": (1, 2_600_000), "over_value": (1, 50_000), "after_end": (1, 30_000),
    }  # fmt: skip
    first = await ask(QUERY, OWN, first=1)
    assert (told(first), first["organisation"]["findings"]["count"]) == ([NO_CONTRACT], 3)


async def test_what_persons_say_is_seen_and_stands_until_its_day(ask: Ask, ledger: Ledger) -> None:
    asked = 'query ($at: DateTime) { organisation(organisation: "GB-LAE-OLD", asKnownAt: $at) {'
    asked += ' findings(code: "over_value") { nodes { findingId causeId state reason until owner dueOn } } } }'
    (finding,) = (await ask(asked, OWN))["organisation"]["findings"]["nodes"]
    about = {"finding_id": finding["findingId"], "code": "over_value", "cause": "contract", "cause_id": "OAK1"}
    given = FindingAssigned(**about, owner="Head of Parks", due_on=date(2022, 9, 30))
    explained = FindingAnswered(**about, answer="explained", reason="Two more fields", until=date(2099, 3, 31))
    past = FindingAnswered(**about, answer="explained", reason="Two more fields", until=date(2022, 7, 5))
    stream = f"finding/{finding['findingId']}"
    await ledger.record(COUNCIL, "spend", stream, given, explained, at=TUESDAY)
    await ledger.record(COUNCIL, "spend", stream, past, at=WEDNESDAY)
    states = {}
    for at in (MONDAY, TUESDAY, WEDNESDAY):
        (found,) = (await ask(asked, OWN, at=at.isoformat()))["organisation"]["findings"]["nodes"]
        states[at] = found["state"], found["owner"], found["until"]
    assert states == {
        MONDAY: ("OPEN", None, None),
        TUESDAY: ("EXPLAINED", "Head of Parks", "2099-03-31"),
        WEDNESDAY: ("OPEN", "Head of Parks", "2022-07-05"),  # it stood until the day before
    }
    only = f'findings(findingIds: ["{finding["findingId"]}"], state: OPEN)'
    (alone,) = (await ask(asked.replace('findings(code: "over_value")', only), OWN))["organisation"]["findings"][
        "nodes"
    ]
    assert alone["causeId"] == "OAK1"
    answered = asked.replace('findings(code: "over_value")', "findings(state: EXPLAINED)")
    assert (await ask(answered, OWN))["organisation"]["findings"]["nodes"] == []


async def test_they_are_for_nobody_else(refused: Ask, pages: Pages, officer: Pages) -> None:
    for viewer in (Viewer(), Viewer(account="person/x", organisation="GB-LAE-SLF", roles=frozenset({"reader"}))):
        _, data, codes = await refused(QUERY, viewer)
        assert codes in (["UNAUTHENTICATED"], ["FORBIDDEN"])
        assert data is None or data["organisation"] is None
    assert (await pages.get(f"/organisations/{COUNCIL}/findings")).status_code == 401
    assert (await pages.get(f"/organisations/{COUNCIL}/to-allocate.csv")).status_code == 401
    assert (await officer.get(f"/organisations/{COUNCIL}/to-allocate.csv")).status_code == 403
    assert (await officer.get(f"/organisations/{COUNCIL}/findings")).status_code == 403
    own = await officer.get("/organisations/GB-LAE-SLF/findings")
    assert own.status_code == 200
    assert "accuses nobody" in own.text
    sheet = (await officer.get("/organisations/GB-LAE-SLF/findings.csv")).text
    assert sheet.lstrip("\ufeff").startswith("OrganisationURI,FindingId,Rule")
