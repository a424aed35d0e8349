"""A publisher's own totals: they agree with the rows above them, or nothing of the file is taken."""

import pytest

from services.spend.published import intake

HEADER = "Date,Supplier Name,Department,Net Amount"
ROWS = ("2021-04-01,Acme Ltd,Place,100.00", "2021-04-02,Total Gas & Power Ltd,People,50.25")


def read(*lines: str, header: str = HEADER) -> intake.SpendFile:
    return intake.read("\n".join([header, *lines]).encode())


@pytest.mark.parametrize(
    "total", [",,,150.25", "Total,,,150.25", ",GRAND TOTAL:,,150.25", ",,Total Net Amount,£150.25"]
)
def test_a_total_that_agrees_is_no_payment(total: str) -> None:
    found = read(*ROWS, total)
    assert [row.supplier_name for row in found.rows] == ["Acme Ltd", "Total Gas & Power Ltd"]
    assert (found.rejects, found.held) == ([], None)
    assert [(c.line, c.stated_pence, c.found_pence, c.agrees) for c in found.controls] == [(4, 15_025, 15_025, True)]


def test_subtotals_and_the_total_of_all_agree() -> None:
    found = read(ROWS[0], "Sub-total,,,100.00", ROWS[1], "Sub-total,,,50.25", "Grand total,,,150.25")
    assert [control.agrees for control in found.controls] == [True, True, True]
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (
            (*ROWS, ",,,150.26"),
            "The file's total on line 4 is £150.26; the rows above it come to £150.25.",
        ),
        (
            (*ROWS, "2021-04-03,Bolt Ltd,Place,1.005", "Total,,,150.25"),
            "The file's total on line 5 is £150.25; the rows above it come to £150.25, and 1 of them cannot be read.",
        ),
        (("Total,,,-7.00", *ROWS), "The file's total on line 2 is -£7.00; the rows above it come to £0.00."),
    ],
)
def test_a_file_whose_total_contradicts_its_rows_is_held_whole(lines: tuple[str, ...], reason: str) -> None:
    found = read(*lines)
    assert found.rows == []
    assert found.held is not None
    assert found.held.reason == reason
    held = [reject for reject in found.rejects if reject.fault.code == "file-held"]
    assert [(reject.net_pence, reject.value) for reject in held] == [
        (10_000, "2021-04-01 | Acme Ltd | Place | 100.00"),
        (5_025, "2021-04-02 | Total Gas & Power Ltd | People | 50.25"),
    ]
    assert [reject.line for reject in found.rejects] == sorted(reject.line for reject in found.rejects)
    assert found.period == "2021-04"


@pytest.mark.parametrize(
    "row", [",Total Gas & Power Ltd,,50.25", ",Totalling Ltd,,1.00", ",,Total,abc", "2021-04-01,,,5"]
)
def test_a_row_that_only_looks_like_a_total_is_a_row(row: str) -> None:
    found = read(*ROWS, row)
    assert (found.controls, found.held) == ([], None)
    assert len(found.rows) + len(found.rejects) == 3


def test_net_and_vat_must_come_to_the_gross_amount() -> None:
    header = "Date,Supplier Name,Gross,VAT,Net"
    found = read(
        "2021-04-01,Acme,120.00,20.00,100.00", "2021-04-01,Acme,120.01,20.00,100.00", "2021-04-01,Acme,,20.00,100.00",
        header=header,
    )  # fmt: skip
    assert len(found.rows) == 2
    (reject,) = found.rejects
    assert (reject.line, reject.field, reject.fault.code, reject.net_pence) == (3, "gross", "does-not-foot", 10_000)
