"""What a ledger says of a payment's booking is shown wherever the payment is, and nothing where it says nothing."""

import csv
from datetime import UTC, date, datetime

import httpx

from tests.builders import SALFORD, payment_recorded
from tests.integration.feeds.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.pages.reading import text

MONDAY = datetime(2022, 7, 4, 9, tzinfo=UTC)
BOOKED = {
    "document_line": "001", "invoice_number": "INV-7", "invoice_date": date(2022, 6, 1),
    "received_date": date(2022, 6, 3), "purchase_order": "PO-4500", "cost_centre": "CC10", "account": "40010",
    "irrecoverable_vat_pence": 1_900, "pay_run": "2022-W26", "status": "cleared",
}  # fmt: skip
ASKED = """
query ($organisation: String!) { payments(where: {organisation: $organisation}) { nodes {
    paymentId documentLine invoiceNumber invoiceDate receivedDate purchaseOrder costCentre account
    irrecoverableVatPence payRun status
} } }
"""


async def test_a_booking_is_shown_by_graphql_page_and_csv(ledger: Ledger, ask: Ask, officer: httpx.AsyncClient) -> None:
    plain, booked = payment_recorded(), payment_recorded(payment_id="P2", **BOOKED)
    for fact in (plain, booked):
        await ledger.record(SALFORD, "spend", f"payment/{fact.payment_id}", fact, at=MONDAY)
    nodes = {node.pop("paymentId"): node for node in (await ask(ASKED, organisation=SALFORD))["payments"]["nodes"]}
    assert set(nodes["P1"].values()) == {None}
    assert nodes["P2"] == {
        "documentLine": "001", "invoiceNumber": "INV-7", "invoiceDate": "2022-06-01", "receivedDate": "2022-06-03",
        "purchaseOrder": "PO-4500", "costCentre": "CC10", "account": "40010", "irrecoverableVatPence": 1_900,
        "payRun": "2022-W26", "status": "cleared",
    }  # fmt: skip
    without = text((await officer.get(f"/organisations/{SALFORD}/payments/P1")).text)
    assert "Purchase order" not in without
    page = text((await officer.get(f"/organisations/{SALFORD}/payments/P2")).text)
    for said in (
        "Document line 001", "Invoice number INV-7", "Invoice dated 1 June 2022", "Invoice received 3 June 2022",
        "Purchase order PO-4500", "Cost centre CC10", "Account 40010", "VAT that cannot be reclaimed £19.00",
        "Pay run 2022-W26", "Status in the ledger cleared",
    ):  # fmt: skip
        assert said in page
    sheet = (await officer.get(f"/organisations/{SALFORD}/payments.csv")).content.decode("utf-8-sig")
    rows = {row["PaymentId"]: row for row in csv.DictReader(sheet.splitlines())}
    assert (rows["P2"]["PurchaseOrder"], rows["P2"]["IrrecoverableVAT"]) == ("PO-4500", "19.00")
    assert (rows["P2"]["InvoiceReceivedDate"], rows["P1"]["InvoiceReceivedDate"]) == ("2022-06-03", "")
