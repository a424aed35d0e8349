"""What a published row says of its booking rides along, and changes neither which payment it is nor whether it is read."""

from datetime import date

from services.spend.booking import UNBOOKED, Booking
from services.spend.domain import content_digest
from services.spend.judgement.scoping import scoped
from services.spend.published import intake
from services.spend.published.batches import stated

HEADER = "Date of Payment,DocumentNo,Net,Vendor Name,GL Description"
BOOKED = HEADER + ",Invoice No,Invoice Date,Date Received,PO Number,Cost Centre,Irrecoverable VAT"
ROW = "2022-04-13,D1,100.00,Acme Ltd,Materials"


def read(header: str, *rows: str) -> list[intake.Row]:
    found = intake.read("\n".join([header, *rows, ""]).encode())
    assert list(found.rejects) == []
    return list(found.rows)


def test_invoice_order_and_cost_centre_are_read_where_they_are_published() -> None:
    (row,) = read(BOOKED, ROW + ",INV-7,31/03/2022,02/04/2022,PO-1,4711,12.34")
    assert row.booking == Booking(
        invoice_number="INV-7", invoice_date=date(2022, 3, 31), received_date=date(2022, 4, 2), purchase_order="PO-1",
        cost_centre="4711", irrecoverable_vat_pence=1_234,
    )  # fmt: skip


def test_what_cannot_be_read_of_a_booking_is_left_out_and_rejects_nothing() -> None:
    (row,) = read(BOOKED, ROW + f",{'9' * 101},soon,31/02/2022,PO-1,,lots")
    assert row.booking == Booking(purchase_order="PO-1")
    (bare,) = read(BOOKED, ROW + ",,,,,,")
    assert bare.booking == UNBOOKED


def test_a_row_is_the_same_payment_with_and_without_its_booking() -> None:
    with_it = read(BOOKED, ROW + ",INV-7,31/03/2022,02/04/2022,PO-1,4711,12.34")
    without = read(HEADER, ROW)
    first, second = (content_digest("GB-LAE-SLF", stated("f", "2022-04", row)) for row in (*with_it, *without))
    assert first == second


def test_the_day_of_payment_is_not_taken_from_the_invoice() -> None:
    (row,) = read("Invoice Date,Payment Date,Net Amount,Supplier", "31/03/2022,13/04/2022,1.00,Acme")
    assert (row.paid_on, row.booking.invoice_date) == (date(2022, 4, 13), date(2022, 3, 31))


def test_the_payers_own_code_says_what_was_bought_before_its_account_does() -> None:
    header = HEADER + ",ProclassCode,CPVCode"
    rows = read(header, *(ROW.replace("D1", f"D{n}") + codes for n, codes in enumerate((
        ",391400,", ",,79100000-5", ",391400,79100000", ",999999,99", ",,",
    ))))  # fmt: skip
    assert [(row.booking.proclass_code, row.booking.cpv_code) for row in rows] == [
        ("391400", None), (None, "79100000"), ("391400", "79100000"), (None, None), (None, None),
    ]  # fmt: skip
    placed = [
        scoped("p", row.supplier_name, "Computer Maintenance", withheld=False,
               proclass_code=row.booking.proclass_code, cpv_code=row.booking.cpv_code)
        for row in rows
    ]  # fmt: skip
    assert [(each.category_code, each.category_confidence) for each in placed] == [
        ("391400", "high"), ("280000", "medium"), ("391400", "high"), ("270000", "high"), ("270000", "high"),
    ]  # fmt: skip


def test_a_redacted_invoice_number_is_no_number() -> None:
    (row,) = read(BOOKED, ROW + ",REDACTED UNDER DP ACT,,,PO-1,,")
    assert row.booking == Booking(purchase_order="PO-1")
