"""What a spend file says: every publisher's real files to the penny, and rows that must not pass."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doors.problems import BadRequest
from doors.spooled import sheet_of
from services.spend.amounts import Dates, Fault, day, pence
from services.spend.published import intake

SAMPLES = Path(__file__).parents[3] / "samples"
HEADER = "Date of Payment,Document No,Gross,VAT,Net,Vendor Name,GL Description"
DEVON_REJECTS = [
    (3454, "1294.052"), (4667, "1891.045"), (5020, "641.305"), (5112, "-6.82121E-13"), (5113, "-9.09495E-13"),
    (5115, "-9.09495E-13"),
]  # fmt: skip
GOOD = "2021-04-01,D1,120.00,20.00,100.00,Acme Ltd,Materials"

SALFORD = {  # rows, pence and rows withheld, counted with csv and Decimal alone
    "2021-04": (3086, 4_526_094_381, 554),
    "2021-05": (1890, 3_609_617_770, 241),
    "2021-06": (1548, 3_352_995_762, 197),
    "2021-07": (1974, 3_742_738_249, 215),
    "2021-08": (1233, 4_034_346_795, 136),
    "2021-09": (1301, 3_267_588_275, 116),
    "2021-10": (1430, 3_943_130_755, 137),
    "2021-11": (2035, 3_630_556_231, 206),
    "2021-12": (1687, 3_873_849_397, 197),
    "2022-01": (1849, 1_934_795_258, 291),
    "2022-02": (2080, 3_443_885_290, 319),
    "2022-03": (2805, 3_917_453_323, 358),
    "2022-04": (1786, 3_838_418_675, 196),
    "2022-05": (2022, 3_749_046_481, 245),
    "2022-06": (1809, 2_129_207_437, 239),
}


def read(*lines: str, header: str = HEADER) -> intake.SpendFile:
    return intake.read("\r\n".join([header, *lines]).encode())


def reject(line: str) -> intake.Reject:
    found = read(GOOD, line)
    assert len(found.rows) == 1
    return found.rejects[0]


def test_rows_are_held_together_up_to_so_many_and_fewer_where_they_are_long() -> None:
    purpose = "Repairs " * 800
    lines = [f"2021-04-01,D{number},,,100.00,Acme Ltd,{purpose}" for number in range(2_000)]
    reading = intake.check(sheet_of(io.BytesIO("\n".join([HEADER, *lines]).encode())))
    sizes = [len(batch) for batch in reading.batches(8_000)]
    assert sum(sizes) == 2_000
    assert (max(sizes) - 1) * len(purpose) < intake.LARGEST_BATCH < 2 * max(sizes) * len(lines[0])
    assert max(len(batch) for batch in reading.batches(300)) <= 300
    assert [row for batch in reading.batches(300) for row in batch.rows] == list(reading.rows())
    assert [row.document_number for row in reading.rows()] == [f"D{number}" for number in range(2_000)]


@pytest.mark.parametrize("month", SALFORD)
def test_salfords_months_are_read_to_the_row_and_penny(month: str) -> None:
    found = intake.read((SAMPLES / "salford" / f"spend-{month}.csv").read_bytes())
    assert (len(found.rows), sum(r.net_pence for r in found.rows), sum(r.withheld for r in found.rows)) == SALFORD[
        month
    ]
    assert found.period == month
    assert not found.rejects


def test_fifteen_months_are_28535_rows_and_529937240_pounds_79() -> None:
    rows, total, withheld = (sum(column) for column in zip(*SALFORD.values(), strict=True))
    assert (rows, total, withheld) == (28_535, 52_993_724_079, 3_647)


def test_devons_rounding_errors_are_rejected_and_the_rest_is_read() -> None:
    found = intake.read((SAMPLES / "devon" / "DCCSpendingOver500_201307.csv").read_bytes())
    assert (len(found.rows), sum(row.net_pence for row in found.rows)) == (9_056, 4_254_118_360)
    assert {reject.fault.code for reject in found.rejects} == {"amount-not-pence"}
    assert [(reject.line, reject.value) for reject in found.rejects] == DEVON_REJECTS


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (HEADER, GOOD),
        ("Body,Date,Transaction Number,Amount,Supplier Name,Expense Area", "18,01/04/2021,D1,100,Acme Ltd,Place"),
        ("Body Name,Paid Date,Trans No,Amount,Supplier Name", "Oxford,01/04/2021,D1,100,Acme Ltd"),
        ("Body name,Date paid,Transaction number,Net amount,Supplier name,,,", "Leeds,1-Apr-21,D1,100.00 ,Acme Ltd,,,"),
        ("Invoice Payment Date;Transaction Number;Net Amount;Supplier Name", "2021-04-01;D1;100;Acme Ltd"),
        ("Date,Internal Ref Number,Net Amount,Supplier(Beneficiary) Name", "2021-04-01,D1,£100.00,Acme Ltd"),
        (
            ",Supplier,Transaction Number,Transaction Date,Invoice Line Value (net of VAT)",
            ",Acme Ltd,D1,2021-04-01,100",
        ),
        ("PaymentDate,BeneficiaryName,Amount,Purpose,Transaction No", "2021-04-01 00:00:00,Acme Ltd,100,Food,D1"),
        ("\ufeff" + HEADER, GOOD),
        ("ï»¿" + HEADER, GOOD),
    ],
)
def test_columns_are_recognised_whoever_publishes_them(header: str, line: str) -> None:
    (row,) = read(line, header=header).rows
    assert (row.paid_on, row.net_pence, row.supplier_name) == (date(2021, 4, 1), 10_000, "Acme Ltd")
    assert row.document_number == "D1"


@pytest.mark.parametrize(
    ("line", "field", "code", "known"),
    [
        ("2021-04-01,D1,120,20,1.005,Acme,x", "net", "amount-not-pence", None),
        ("2021-04-01,D1,120,20,6.8E-13,Acme,x", "net", "amount-not-pence", None),
        ("2021-04-01,D1,120,20,NaN,Acme,x", "net", "amount-unreadable", None),
        ("2021-04-01,D1,120,20,Infinity,Acme,x", "net", "amount-unreadable", None),
        ("2021-04-01,D1,120,20,1e5,Acme,x", "net", "amount-not-pence", None),
        ("2021-04-01,D1,120,20,1_000.00,Acme,x", "net", "amount-unreadable", None),
        ("2021-04-01,D1,120,20,١٢٣.٤٥,Acme,x", "net", "amount-unreadable", None),
        ("2021-04-01,D1,120,20,,Acme,x", "net", "amount-missing", None),
        ("2021-04-01,D1,120,NaN,100,Acme,x", "vat", "amount-unreadable", 10_000),
        ("2021-04-01,D1,Infinity,20,100,Acme,x", "gross", "amount-unreadable", 10_000),
        ("00:00:00,D1,120,20,100,Acme,x", "paid_on", "date-missing", 10_000),
        ("31/02/2021,D1,120,20,100,Acme,x", "paid_on", "date-impossible", 10_000),
        ("44287,D1,120,20,100,Acme,x", "paid_on", "date-unreadable", 10_000),
        ("2021-04-01,D1,120,20,100", "row", "row-short", None),
        ("2021-04-01,D1,120,20,1,000.00,Acme,x", "row", "row-long", None),
        (f"2021-04-01,D1,120,20,100,{'A' * 8_001},x", "row", "text-long", None),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_by_field(line: str, field: str, code: str, known: int | None) -> None:
    found = reject(line)
    assert (found.line, found.field, found.fault.code, found.net_pence) == (3, field, code, known)
    assert found.fault.reason
    assert found.fault.remedy


def test_a_row_that_states_no_vat_is_read() -> None:
    (row,) = read("2021-04-01,D1,,N/A,100.00,Acme Ltd,x").rows
    assert (row.vat_pence, row.gross_pence) == (None, None)


def test_empty_rows_and_empty_columns_are_no_rows() -> None:
    found = read(GOOD + ",,,", ",,,,,,", "", GOOD, header=HEADER + ",,,")
    assert [row.line for row in found.rows] == [2, 5]
    assert found.blank_rows == 2
    assert not found.rejects


def test_a_field_may_hold_line_ends_commas_and_doubled_quotes() -> None:
    (first, second) = read(GOOD.replace("Acme Ltd", '"Acme, ""A""\r\nLtd"'), GOOD).rows
    assert (first.supplier_name, second.line) == ('Acme, "A"\r\nLtd', 4)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b",,,\r\n,,,", "This file is empty"),
        (b"Date,Amount,Amount,Supplier Name\n2021-04-01,1,2,A", "two columns called Amount"),
        (b"Date,Supplier Name\n2021-04-01,A", "no column is recognised as a net amount"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_in_a_sentence(raw: bytes, sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        intake.read(raw)


def test_a_quote_that_is_never_closed_does_not_swallow_the_file() -> None:
    with pytest.raises(BadRequest, match="From line 3 on"):
        read(GOOD, '2021-04-01,D1,120,20,100,"Acme,x', GOOD)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0), ("-0.00", 0), ("1", 100), ("1.5", 150), ("-0.01", -1), ("1,234.56", 123_456), ("£1,234.56", 123_456),
        ("(12.00)", -1_200), ("-£3", -300), ("1234567.8", 123_456_780), ("12.500", 1_250), ("99999999999.99", 9_999_999_999_999),
    ],
)  # fmt: skip
def test_amounts_are_read_in_the_forms_that_councils_print(text: str, expected: int) -> None:
    assert pence(text) == expected


@given(st.integers(-(10**13), 10**13))
def test_an_amount_printed_in_any_form_is_read_back(amount: int) -> None:
    pounds, rest = divmod(abs(amount), 100)
    sign = "-" if amount < 0 else ""
    assert {pence(f"{sign}{pounds}.{rest:02}"), pence(f"{sign}£{pounds:,}.{rest:02}")} == {amount}


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_fault(text: str) -> None:
    assert isinstance(pence(text), int | Fault)
    assert isinstance(day(text, month_first=False), date | Fault)


def dates(*texts: str) -> Dates:
    found = Dates()
    for text in texts:
        found.look(text)
    return found


def test_a_file_writes_months_first_only_where_its_dates_allow_nothing_else() -> None:
    assert dates("04/13/2021", "04/01/2021").month_first
    assert not dates("13/04/2021", "04/13/2021").month_first
    assert not dates("04/01/2021").month_first
    assert day("04/03/2021", month_first=False) == date(2021, 3, 4)


def test_the_order_of_days_and_months_is_told_by_all_rows_however_late_the_one_that_tells() -> None:
    rows = [f"04/0{1 + n % 9}/2021,D{n},Acme,Place,Repairs,1.00,0,1.00" for n in range(2_000)]
    header = "Date,Document No,Supplier Name,Service Area,GL Description,Net,VAT,Gross"
    found = read(*rows, "04/13/2021,D,Acme,Place,Repairs,1.00,0,1.00", header=header)
    assert (found.period, len(found.rows), len(found.rejects)) == ("2021-04", 2_001, 0)
    assert found.layout.dates == "months come first: some second number is over 12, and no first one"
    found = read(*rows, "13/04/2021,D,Acme,Place,Repairs,1.00,0,1.00", header=header)
    assert (found.rows[0].paid_on, found.rows[-1].paid_on) == (date(2021, 1, 4), date(2021, 4, 13))


@given(st.permutations([GOOD, GOOD, GOOD.replace("D1", "D2"), GOOD.replace("100.00", "x")]))
def test_what_is_read_does_not_depend_on_the_order_of_rows(lines: list[str]) -> None:
    found = read(*lines)
    assert sorted(str(row.document_number) for row in found.rows) == ["D1", "D1", "D2"]
    assert [reject.value for reject in found.rejects] == ["x"]
