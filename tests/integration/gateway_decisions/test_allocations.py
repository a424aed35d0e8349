"""A person's word on the contract, from facts to partners: before the judgement, in shares, and taken back exactly."""

from datetime import date
from typing import Any

from gateway.policy import Viewer
from schemas.spend import PaymentAllocated, PaymentCorrected, PaymentMatched, PaymentUnmatched
from tests.integration.gateway_decisions.conftest import Pages
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import APRIL, MONDAY, TUESDAY, WEDNESDAY, contract, paid, scoped

COUNCIL = "GB-LAE-ROC"
OWN = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
THURSDAY = WEDNESDAY.replace(day=7)
FRIDAY = WEDNESDAY.replace(day=8)
QUERY = """query ($at: DateTime) {
  payment(organisation: "GB-LAE-ROC", paymentId: "L1", asKnownAt: $at) {
    answer contractId judgedAnswer judgedContractId allocations { contractId sharePence reason } }
  one: payments(where: {organisation: "GB-LAE-ROC", contractId: "R1"}, asKnownAt: $at) { totals { count netPence } }
  two: payments(where: {organisation: "GB-LAE-ROC", contractId: "R2"}, asKnownAt: $at) { totals { count netPence } }
  organisation(organisation: "GB-LAE-ROC", asKnownAt: $at) {
    summary { byAnswer { value netPence } } findings(code: "over_value") { nodes { causeId atStakePence } } } }"""


def share(contract_id: str, pence: int, place: int = 1, decision: Any = "decided") -> PaymentAllocated:
    return PaymentAllocated(
        payment_id="L1", contract_id=contract_id, decision=decision, place=place, share_pence=pence, of_pence=1_000_000,
        reason="The invoice names both",
    )  # fmt: skip


async def tell(ledger: Ledger) -> None:
    """£10,000 with no contract; £9,000 and £1,000 of it on two from Tuesday; judged anew on Wednesday; corrected on Friday."""
    for name, value in (("R1", 600_000), ("R2", 700_000)):
        terms: dict[str, Any] = {"contract_id": name, "value_pence": value, "annual_pence": None}
        await ledger.record(COUNCIL, "contracts", f"contract/{name}", contract(**terms), at=MONDAY)
    stream = "payment/L1"
    none = PaymentUnmatched(payment_id="L1", answer="no_contract", supplier_id=None, candidates=())
    await ledger.record(COUNCIL, "spend", stream, paid("L1", 1_000_000), scoped("L1"), none, at=MONDAY)
    await ledger.record(COUNCIL, "spend", stream, share("R1", 900_000), share("R2", 100_000, 2), at=TUESDAY)
    judged = PaymentMatched(payment_id="L1", supplier_id="GB-COH-00000010", contract_id="R2")
    await ledger.record(COUNCIL, "spend", stream, judged, at=WEDNESDAY)
    corrected = PaymentCorrected(
        payment_id="L1", file_id=APRIL, line=9, corrects_file_id=APRIL, corrects_line=2, corrects_net_pence=1_000_000,
        paid_on=date(2022, 4, 1), contract_reference=None, department="", purpose="", net_pence=800_000,
        vat_pence=None, gross_pence=None,
    )  # fmt: skip
    await ledger.record(COUNCIL, "spend", stream, corrected, at=THURSDAY)
    gone = share("R1", 900_000, 1, "withdrawn"), share("R2", 100_000, 2, "withdrawn")
    await ledger.record(COUNCIL, "spend", stream, *gone, at=FRIDAY)


async def test_shares_are_borne_by_their_contracts_and_the_judgement_is_kept_beside(ask: Ask, ledger: Ledger) -> None:
    await tell(ledger)

    async def known(at: Any) -> tuple[Any, ...]:
        told = await ask(QUERY, OWN, at=at.isoformat())
        one = told["payment"]
        shares = [(each["contractId"], each["sharePence"]) for each in one["allocations"]]
        borne = [(told[n]["totals"]["count"], told[n]["totals"]["netPence"]) for n in ("one", "two")]
        over = {f["causeId"]: f["atStakePence"] for f in told["organisation"]["findings"]["nodes"]}
        answers = {each["value"]: each["netPence"] for each in told["organisation"]["summary"]["byAnswer"]}
        return (
            one["answer"],
            one["contractId"],
            one["judgedAnswer"],
            one["judgedContractId"],
            shares,
            borne,
            over,
            answers,
        )

    nothing = (0, 0)
    assert await known(MONDAY) == (
        "NO_CONTRACT", None, None, None, [], [nothing, nothing], {}, {"no_contract": 1_000_000},
    )  # fmt: skip
    both = [("R1", 900_000), ("R2", 100_000)]
    borne = [(1, 900_000), (1, 100_000)]
    assert await known(TUESDAY) == (
        "ON_CONTRACT", "R1", "NO_CONTRACT", None, both, borne, {"R1": 300_000}, {"on_contract": 1_000_000},
    )  # fmt: skip
    assert await known(WEDNESDAY) == (
        "ON_CONTRACT", "R1", "ON_CONTRACT", "R2", both, borne, {"R1": 300_000}, {"on_contract": 1_000_000},
    )  # fmt: skip
    # another amount: the shares are of something else, and the contract of the largest bears all of it
    assert await known(THURSDAY) == (
        "ON_CONTRACT", "R1", "ON_CONTRACT", "R2", [], [(1, 800_000), nothing], {"R1": 200_000}, {"on_contract": 800_000},
    )  # fmt: skip
    assert await known(FRIDAY) == (
        "ON_CONTRACT", "R2", None, None, [], [nothing, (1, 800_000)], {"R2": 100_000}, {"on_contract": 800_000},
    )  # fmt: skip


async def test_why_is_for_its_own_people(ask: Ask, ledger: Ledger, pages: Pages) -> None:
    asked = """{ payment(organisation: "GB-LAE-ROC", paymentId: "L1", asKnownAt: "2022-07-05T12:00:00Z") {
      allocations { contractId reason } } }"""
    own, others = [(await ask(asked, viewer))["payment"]["allocations"] for viewer in (OWN, Viewer())]
    assert [each["reason"] for each in own] == ["The invoice names both"] * 2
    assert [each["reason"] for each in others] == [None, None]
    page = await pages.get(f"/organisations/{COUNCIL}/payments/L1?as_known_at=2022-07-05T12:00")
    assert "As a person decided. Judged before: No contract found" in page.text
    assert "bears £9,000.00" in page.text
    assert "names both" not in page.text


async def test_what_a_contract_bore_is_its_burn(ask: Ask, ledger: Ledger, pages: Pages) -> None:
    asked = """{ contract(organisation: "GB-LAE-ROC", contractId: "R1", asKnownAt: "2022-07-05T12:00:00Z") { burn {
      asOf payments paidPence remainingPence paidPercent elapsedPercent beganBeforeRecord } } }"""
    assert (await ask(asked, OWN))["contract"]["burn"] == {
        "asOf": "2021-04-01", "payments": 1, "paidPence": 900_000, "remainingPence": -300_000, "paidPercent": "150.0",
        "elapsedPercent": "12.4", "beganBeforeRecord": True,
    }  # fmt: skip
    page = await pages.get(f"/organisations/{COUNCIL}/contracts/R1?as_known_at=2022-07-05T12:00")
    assert "Left of its stated value" in page.text
    assert "−£3,000.00" in page.text


async def test_contracts_that_were_considered_are_proposed_the_likeliest_first(
    ask: Ask, ledger: Ledger, pages: Pages
) -> None:
    terms: dict[str, Any] = {"contract_id": "R3", "reference": "S3", "starts_on": date(2021, 3, 1)}
    await ledger.record(COUNCIL, "contracts", "contract/R3", contract(**terms), at=FRIDAY)
    unsure = PaymentUnmatched(payment_id="L2", answer="ambiguous", supplier_id=None, candidates=("R1", "R3"))
    fact = paid("L2", 60_000, contract_reference="S3")
    await ledger.record(COUNCIL, "spend", "payment/L2", fact, scoped("L2"), unsure, at=FRIDAY)
    asked = '{ payment(organisation: "GB-LAE-ROC", paymentId: "L2") { contractId proposals { contractId because } } }'
    told = (await ask(asked, OWN))["payment"]
    assert told["contractId"] is None
    assert [each["contractId"] for each in told["proposals"]] == ["R3", "R1"]
    assert told["proposals"][0]["because"][0] == "its reference is named"
    assert "its reference is named" not in told["proposals"][1]["because"]
    page = (await pages.get(f"/organisations/{COUNCIL}/payments/L2")).text
    assert "for it: its reference is named, in force on the day" in page
