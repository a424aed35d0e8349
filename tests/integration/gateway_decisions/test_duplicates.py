"""Possible duplicates from facts to the organisation's own people, as known on any day, with what came back."""

from datetime import date
from typing import Any

from gateway.policy import ANYONE, Viewer
from schemas.findings import finding_id
from schemas.spend import DuplicateRecovered, FindingAnswered, PaymentVoided, SupplierMatched
from tests.integration.gateway_decisions.conftest import Pages
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, TUESDAY, WEDNESDAY, paid, scoped

COUNCIL = "GB-LAE-HNS"
OWN = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
QUERY = """query ($at: DateTime, $ids: [String!], $every: Boolean = false) { organisation(organisation: "GB-LAE-HNS", asKnownAt: $at) {
  duplicates(every: $every, findingIds: $ids) { count atStakePence recoveredPence nodes { findingId code causeId atStakePence
    recoveredPence recoveredHow state alike { paymentId invoiceNumber } credits { paymentId } } } } }"""
TWICE = finding_id("same_invoice", "payment", "T1")
SETTLED = finding_id("same_invoice", "payment", "T3")


async def tell(ledger: Ledger) -> None:
    async def pay(payment: str, number: str | None, pence: int = 95_000, at: Any = MONDAY, **more: Any) -> None:
        given = {"payee_id": "E-OAK", "supplier_name": "Oak Ltd", "paid_on": date(2022, 6, int(payment[1:])),
                 "invoice_number": number, "document_number": f"D-{payment}"} | more  # fmt: skip
        fact = paid(payment, pence, **given)
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", fact, scoped(payment), at=at)

    for payee in ("E-OAK", "E-OAKS"):
        fact = SupplierMatched(
            payee_id=payee, supplier_id="GB-COH-00000088", supplier_name="Oak Ltd", basis="company_number"
        )
        await ledger.record(COUNCIL, "spend", f"payee/{payee}", fact, at=MONDAY)
    await pay("T1", "A1001")
    await pay("T2", "A 1001", payee_id="E-OAKS", supplier_name="Oak Limited")  # one supplier by its links
    await pay("T3", "B2001", 30_000)
    await pay("T4", "B2001", 30_000, TUESDAY)
    await pay("T5", "CN-7", -30_000, WEDNESDAY)
    await pay("T6", "C3001", 80_000)
    await pay("T7", "C3001", 80_000)
    await pay("T8", None, 70_000, payee_id="E-ASH", supplier_name="Ash Ltd")
    await pay("T9", None, 70_000, payee_id="E-ASH", supplier_name="Ash Ltd")
    for each, pence in (("T10", 60_000), ("T11", 60_000), ("T12", 1_000)):  # a label: another sum is paid under it
        await pay(each, "LEASE 7001", pence, payee_id="E-ELM", supplier_name="Elm Ltd")
    await pay("T13", "F5001", 40_000, payee_id="E-FIR", supplier_name="Fir Ltd")  # a price on two bills
    await pay("T14", "F5001A", 40_000, payee_id="E-FIR", supplier_name="Fir Ltd")
    await pay("T15", "F5001A", 2_000, payee_id="E-FIR", supplier_name="Fir Ltd", paid_on=date(2022, 6, 14))
    voided = PaymentVoided(payment_id="T7", voided_on=date(2022, 6, 8), reason="Stopped")
    await ledger.record(COUNCIL, "spend", "payment/T7", voided, at=MONDAY)


async def test_they_are_asked_with_suppliers_as_they_are_linked_and_credits_netted(ask: Ask, ledger: Ledger) -> None:
    await tell(ledger)

    async def asked(at: Any = None, **more: Any) -> list[tuple[str, int, list[str]]]:
        given = {"at": at.isoformat()} if at else {}
        nodes = (await ask(QUERY, OWN, **given, **more))["organisation"]["duplicates"]["nodes"]
        return [(n["code"], n["atStakePence"], [p["paymentId"] for p in n["alike"]]) for n in nodes]

    oak, bolts = ("same_invoice", 95_000, ["T1", "T2"]), ("same_invoice", 30_000, ["T3", "T4"])
    assert await asked() == [oak]
    assert await asked(MONDAY) == [oak]
    assert await asked(TUESDAY) == [oak, bolts]
    assert await asked(ids=[SETTLED]) == [("same_invoice", 0, ["T3", "T4"])], (
        "what came back of it can still be recorded"
    )
    assert await asked(every=True) == [oak, ("near_date", 70_000, ["T8", "T9"])]


async def test_what_persons_say_and_what_came_back(ask: Ask, ledger: Ledger, officer: Pages) -> None:
    about: Any = {"finding_id": TWICE, "code": "same_invoice", "cause": "payment", "cause_id": "T1"}
    answered = FindingAnswered(**about, answer="explained", reason="Entered twice", until=None)
    back = DuplicateRecovered(
        **about, payment_ids=("T1", "T2"), recovered_pence=60_000, recovered_on=date(2022, 7, 4), how="refund",
        reference=None, reason="They agree",
    )  # fmt: skip
    await ledger.record(COUNCIL, "spend", f"finding/{TWICE}", answered, back, at=WEDNESDAY)
    now = (await ask(QUERY, OWN))["organisation"]["duplicates"]
    (node,) = now["nodes"]
    assert (node["findingId"], node["state"], node["recoveredPence"], node["recoveredHow"]) == (
        TWICE, "EXPLAINED", 60_000, "refund",
    )  # fmt: skip
    assert (now["count"], now["atStakePence"], now["recoveredPence"]) == (1, 95_000, 60_000)
    before = (await ask(QUERY, OWN, at=TUESDAY.isoformat()))["organisation"]["duplicates"]
    assert before["recoveredPence"] == 0
    assert "Recovered of payments" in (await officer.get("/organisations/GB-LAE-SLF")).text


async def test_they_are_for_nobody_else(refused: Any, pages: Pages, officer: Pages) -> None:
    _, _, codes = await refused(QUERY, ANYONE)
    assert codes == ["UNAUTHENTICATED"]
    home = f"/organisations/{COUNCIL}"
    assert "Recovered of payments" not in (await pages.get(home)).text
    for form in ("", ".csv", ".xlsx"):
        assert (await pages.get(f"{home}/duplicates{form}")).status_code == 401
        assert (await officer.get(f"{home}/duplicates{form}")).status_code == 403
    own = await officer.get("/organisations/GB-LAE-SLF/duplicates?rules=all")
    assert own.status_code == 200
    assert "accuses nobody" in own.text
    sheet = (await officer.get("/organisations/GB-LAE-SLF/duplicates.csv")).text
    assert sheet.lstrip("\ufeff").startswith("OrganisationURI,FindingId,Rule")
