"""A payment that was voided counts in no figure from then on, is shown with its history, and counted before."""

from datetime import UTC, date, datetime
from typing import Any

import httpx

from schemas.spend import PaymentLinked, PaymentScoped, PaymentUnmatched, PaymentVoided, SpendFileReceived
from tests.builders import SALFORD, payment_recorded
from tests.integration.feeds.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import _counts
from tests.integration.pages.reading import text

MONDAY, TUESDAY = datetime(2022, 7, 4, 9, tzinfo=UTC), datetime(2022, 7, 5, 9, tzinfo=UTC)
FILE = "f" * 64
ASKED = """
query ($organisation: String!, $at: DateTime) {
  payments(where: {organisation: $organisation}, asKnownAt: $at) { totals { count netPence } nodes { paymentId } }
  withdrawn: payments(where: {organisation: $organisation, withdrawn: true}, asKnownAt: $at) {
    totals { count netPence } nodes { paymentId withdrawn withdrawnOn withdrawnReason evidence { nodes { type } } } }
  credits: payments(where: {organisation: $organisation, originalPaymentId: "P2"}, asKnownAt: $at) {
    nodes { paymentId linkKind originalPaymentId } }
  suppliers(where: {organisation: $organisation}, asKnownAt: $at) { nodes { netPence paymentCount } }
  organisation(organisation: $organisation, asKnownAt: $at) { summary { total { count netPence } byScope { netPence } } }
  sourceFiles(where: {organisation: $organisation}, asKnownAt: $at) { nodes { heldRows heldPence } }
}
"""


async def tell(ledger: Ledger) -> None:
    """A file of two payments, a credit of the second; on Tuesday the first is voided."""
    received = SpendFileReceived(
        file_id=FILE, file_name="a.csv", byte_count=1, period="2021-04", encoding="utf-8", **_counts(2, 100_000)
    )
    await ledger.record(SALFORD, "spend", f"file/{FILE}", received, at=MONDAY)
    for payment, pence, file_id in (("P1", 70_000, FILE), ("P2", 30_000, FILE), ("P3", -1_000, None)):
        said: list[Any] = [payment_recorded(payment_id=payment, net_pence=pence, file_id=file_id)]
        if payment == "P3":
            said.append(PaymentLinked(payment_id="P3", kind="credit", original_payment_id="P2"))
        said += [
            PaymentScoped(payment_id=payment, scope="contract_spend", rule="r", rules_dated=date(2022, 1, 1)),
            PaymentUnmatched(payment_id=payment, answer="no_contract", supplier_id=None, candidates=()),
        ]
        await ledger.record(SALFORD, "spend", f"payment/{payment}", *said, at=MONDAY)
    voided = PaymentVoided(payment_id="P1", voided_on=date(2022, 7, 5), reason="Transfer returned")
    await ledger.record(SALFORD, "spend", "payment/P1", voided, at=TUESDAY)


async def test_figures_are_restated_and_the_earlier_ones_stay_askable(
    ledger: Ledger, ask: Ask, officer: httpx.AsyncClient
) -> None:
    await tell(ledger)
    now = await ask(ASKED, organisation=SALFORD, at=None)
    then = await ask(ASKED, organisation=SALFORD, at="2022-07-04T12:00:00Z")
    assert now["payments"]["totals"] == {"count": 2, "netPence": 29_000}
    assert then["payments"]["totals"] == {"count": 3, "netPence": 99_000}
    for asked, pence, count in ((now, 29_000, 2), (then, 99_000, 3)):
        assert asked["suppliers"]["nodes"] == [{"netPence": pence, "paymentCount": count}]
        assert asked["organisation"]["summary"] == {
            "total": {"count": count, "netPence": pence}, "byScope": [{"netPence": pence}],
        }  # fmt: skip
    assert now["sourceFiles"]["nodes"] == [{"heldRows": 1, "heldPence": 30_000}]
    assert then["sourceFiles"]["nodes"] == [{"heldRows": 2, "heldPence": 100_000}]
    assert then["withdrawn"]["nodes"] == []
    (gone,) = now["withdrawn"]["nodes"]
    types = [event["type"].split(".")[2] for event in gone.pop("evidence")["nodes"]]
    assert types == ["PaymentRecorded", "PaymentScoped", "PaymentUnmatched", "PaymentVoided"]
    assert gone == {
        "paymentId": "P1", "withdrawn": "VOIDED", "withdrawnOn": "2022-07-05", "withdrawnReason": "Transfer returned",
    }  # fmt: skip
    assert now["withdrawn"]["totals"] == {"count": 1, "netPence": 70_000}
    assert now["credits"]["nodes"] == [{"paymentId": "P3", "linkKind": "CREDIT", "originalPaymentId": "P2"}]

    page = text((await officer.get(f"/organisations/{SALFORD}/payments/P1")).text)
    assert "Voided after it was issued, 5 July 2022: it counts in no figure Transfer returned" in page
    assert "A payment was voided" in page
    before = text((await officer.get(f"/organisations/{SALFORD}/payments/P1?as_known_at=2022-07-04T12:00:00Z")).text)
    assert "counts in no figure" not in before
    assert "Given back by −£10.00" in text((await officer.get(f"/organisations/{SALFORD}/payments/P2")).text)
    assert "Gives back of £300.00" in text((await officer.get(f"/organisations/{SALFORD}/payments/P3")).text)
    listed = text((await officer.get(f"/organisations/{SALFORD}/payments")).text)
    assert "2 payments, £290.00 in all" in listed
    withdrawn = text((await officer.get(f"/organisations/{SALFORD}/payments?withdrawn=yes")).text)
    assert "1 payment, £700.00 in all" in withdrawn
