"""What the Procurement Act 2023 asks of payments, for the organisation's own people, as known on any day."""

from datetime import date
from typing import Any

from gateway.policy import ANYONE, Viewer
from schemas.spend import PaymentMatched, PaymentUnmatched
from tests.integration.gateway_decisions.conftest import Pages
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, TUESDAY, contract, paid, scoped

COUNCIL = "GB-LAE-BOL"
OWN = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
QUERY = """query ($at: DateTime) { organisation(organisation: "GB-LAE-BOL", asKnownAt: $at) {
  duties(quarter: "2026-Q2") {
    over30000 { dueOn outside { payments netPence } notKnown { payments netPence } noContract { payments netPence } }
    promptPayment { last dueOn known { payments } missing { payments } meanDays within30 unpaidPence } } } }"""


async def tell(ledger: Ledger) -> None:
    await ledger.record(COUNCIL, "contracts", "contract/N1",
                        contract(contract_id="N1", starts_on=date(2026, 4, 20), ends_on=None), at=MONDAY)  # fmt: skip

    async def pay(payment: str, pence: int, judged: Any, at: Any = MONDAY, **more: Any) -> None:
        fact = paid(payment, pence, paid_on=date(2026, 5, 20), **more)
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", fact, scoped(payment), judged, at=at)

    on_contract = PaymentMatched(payment_id="N1", supplier_id="GB-COH-00000010", contract_id="N1")
    none = PaymentUnmatched(payment_id="N2", answer="no_contract", supplier_id=None, candidates=())
    await pay("N1", 4_000_000, on_contract, received_date=date(2026, 5, 1))
    await pay("N2", 5_000_000, none, TUESDAY)


async def test_they_are_counted_as_known_on_a_day(ask: Ask, ledger: Ledger) -> None:
    await tell(ledger)
    now = (await ask(QUERY, OWN))["organisation"]["duties"]
    nothing = {"payments": 0, "netPence": 0}
    assert now["over30000"] == {
        "dueOn": "2026-07-29", "outside": nothing, "notKnown": {"payments": 1, "netPence": 4_000_000},
        "noContract": {"payments": 1, "netPence": 5_000_000},
    }  # fmt: skip
    assert now["promptPayment"] == {
        "last": "2026-09-30", "dueOn": "2026-10-29", "known": {"payments": 1}, "missing": {"payments": 1},
        "meanDays": "19.0", "within30": 1, "unpaidPence": 0,
    }  # fmt: skip
    monday = (await ask(QUERY, OWN, at=MONDAY.isoformat()))["organisation"]["duties"]
    assert (monday["over30000"]["noContract"], monday["promptPayment"]["missing"]) == (nothing, {"payments": 0})


async def test_they_are_for_its_own_people(refused: Any, pages: Pages, officer: Pages) -> None:
    _, _, codes = await refused(QUERY, ANYONE)
    assert codes == ["UNAUTHENTICATED"]
    assert (await pages.get(f"/organisations/{COUNCIL}/duties")).status_code == 401
    assert (await officer.get(f"/organisations/{COUNCIL}/duties")).status_code == 403
    own = await officer.get("/organisations/GB-LAE-SLF/duties")
    assert own.status_code == 200
    assert "says when its invoice was received" in own.text
    assert (await officer.get("/organisations/GB-LAE-SLF/duties?quarter=2021-Q9")).status_code == 400


async def test_a_quarter_that_is_none_is_refused(refused: Any) -> None:
    _, _, codes = await refused(QUERY.replace("2026-Q2", "spring"), OWN)
    assert codes == ["BAD_USER_INPUT"]


async def test_a_summary_is_cut_off_by_the_day_of_payment_and_by_what_was_known(ask: Ask) -> None:
    query = """query ($from: Date, $to: Date, $at: DateTime) { organisation(organisation: "GB-LAE-BOL", asKnownAt: $at) {
      summary(paidFrom: $from, paidTo: $to) { total { count netPence } byAnswer { value count
        payments { totals { count } } } } } }"""

    async def count(**asked: str) -> tuple[int, list[tuple[int, int]]]:
        told = (await ask(query, OWN, **asked))["organisation"]["summary"]
        parts = [(each["count"], each["payments"]["totals"]["count"]) for each in told["byAnswer"]]
        return told["total"]["count"], parts

    assert await count() == (2, [(1, 1), (1, 1)])
    assert await count(**{"from": "2026-05-20", "to": "2026-05-20"}) == (2, [(1, 1), (1, 1)])
    assert await count(**{"from": "2026-05-21"}) == (0, [])
    assert await count(to="2026-05-19") == (0, [])
    assert await count(to="2026-05-20", at=MONDAY.isoformat()) == (1, [(1, 1)])
