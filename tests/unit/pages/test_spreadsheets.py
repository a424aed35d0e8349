"""Whatever stands in a list comes back from its CSV and its workbook as it was, and none of it is a formula."""

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doors.tables import every_line_of, opened
from gateway import money
from gateway.pages import spreadsheets
from gateway.pages.spreadsheets import Number, Row, Workbook
from schemas.cells import defused, restored
from services.spend.amounts import pence

COLUMNS = ("Name", "Amount", "Note")
STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "'",
    " ",
    "＝",
    "＋",
    "－",
    "＠",
    "−",
    "'=",
    "''-",
    " '+",
    "= ",
    "_x0041_",
    "a",
]
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff"), max_size=20)
"""Neither files nor doors let control characters through, but for those with which a formula may begin."""
CELL = st.builds("{}{}".format, st.sampled_from(STARTS), TEXT)


def csv_of(rows: Sequence[Row]) -> str:
    return "".join(map(spreadsheets.line, [COLUMNS, *rows]))


def workbook_of(rows: Sequence[Row], folder: str | Path, most_rows: int = spreadsheets.MOST_ROWS) -> Path:
    path = Path(folder) / "list.xlsx"
    book = Workbook(path, COLUMNS, most_rows)
    for row in rows:
        book.add(row)
    book.close()
    return path


@given(CELL)
def test_what_is_defused_is_no_formula_and_is_restored(cell: str) -> None:
    assert restored(defused(cell)) == cell
    assert not re.match(r" *[=+\-@\t\r\n＝＋－＠−]", defused(cell))


@pytest.mark.parametrize("cell", ["'tis", "O'Brien & Sons", "'", "''", "a=b", "'a-b", ""])
def test_a_text_that_no_spreadsheet_runs_is_left_alone(cell: str) -> None:
    assert (defused(cell), restored(cell)) == (cell, cell)


def test_an_apostrophe_before_a_formula_is_told_from_ours() -> None:
    assert [defused("=1"), defused("'=1"), defused("''=1")] == ["'=1", "''=1", "'''=1"]


@settings(deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
def test_a_csv_is_read_back_to_the_same_cells(rows: list[tuple[str, str]]) -> None:
    written = csv_of([(name, Number("1.00"), note) for name, note in rows])
    read = [line.cells for line in every_line_of(written)]
    assert read == [COLUMNS, *((name, "1.00", note) for name, note in rows)]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(CELL, st.integers(-(10**13), 10**13), CELL), min_size=1, max_size=5))
def test_a_workbook_is_read_back_to_the_same_cells_and_pence(rows: list[tuple[str, int, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = workbook_of([(name, Number(money.decimal(amount)), note) for name, amount, note in rows], folder)
        read = [line.cells for line in opened(path.read_bytes()).lines]
        with ZipFile(path) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert [(name, pence(amount), note) for name, amount, note in read[1:]] == rows
    assert "<f>" not in sheet
    assert sheet.count("<v>") == len(rows)  # the amounts are numbers


def test_an_empty_list_is_a_workbook_with_its_columns(tmp_path: Path) -> None:
    assert [line.cells for line in opened(workbook_of([], tmp_path).read_bytes()).lines] == [COLUMNS]


def test_a_list_longer_than_a_sheet_goes_on_on_the_next(tmp_path: Path) -> None:
    path = workbook_of([(f"n{n}", Number(""), None) for n in range(5)], tmp_path, most_rows=3)
    with ZipFile(path) as archive:
        sheets = [archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3)]
    assert [re.findall(r"n\d", sheet) for sheet in sheets] == [["n0", "n1"], ["n2", "n3"], ["n4"]]
    assert all("Amount" in sheet for sheet in sheets)


def test_a_text_too_long_for_a_cell_says_so(tmp_path: Path) -> None:
    (_, row) = opened(workbook_of([("x" * 40_000, None, None)], tmp_path).read_bytes()).lines
    assert len(row.cells[0]) == spreadsheets.LONGEST_CELL
    assert row.cells[0].endswith(" … (cut: the CSV file has it whole)")
