"""One month of a real council, saved in every way in which it may be sent, is the same table."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import xlsxwriter

from doors.problems import BadRequest
from doors.tables import opened
from services.spend.published import intake

MONTH = Path(__file__).parents[3] / "samples" / "salford" / "spend-2021-05.csv"
RAW = MONTH.read_bytes()
ROWS = [list(line.cells) for line in opened(RAW).lines]


def delimited(delimiter: str, terminator: str = "\r\n") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=terminator).writerows(ROWS)
    return file.getvalue()


def workbook(*sheets: list[list[str]], typed: bool = True) -> bytes:
    """XLSX; amounts and days as numbers and dates, the way a finance system writes them."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"})
    for rows in sheets:
        sheet = book.add_worksheet()
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                sheet.write(y, x, _typed(rows[0][x], cell) if typed and y else cell)
    book.close()
    return file.getvalue()


def _typed(name: str, cell: str) -> object:
    if name in {"Net", "VAT", "Gross", "Net Amount"} and cell.strip():
        return float(cell.replace(",", ""))
    if "Date" in name and cell:
        return date.fromisoformat(cell)
    return cell


def open_document() -> bytes:
    """ODS, as small as one can be."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    name = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{name}:office:1.0"'
        f' xmlns:table="{name}:table:1.0" xmlns:text="{name}:text:1.0" office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="May">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/></manifest:manifest>'
    )
    return archive({"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest})


def archive(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


def objects() -> list[dict[str, str]]:
    return [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]


SAVED: dict[str, Callable[[], bytes]] = {
    "tab-separated": lambda: delimited("\t").encode(),
    "semicolons, line feeds": lambda: delimited(";", "\n").encode(),
    "UTF-8 with a mark": lambda: delimited(",").encode("utf-8-sig"),
    "UTF-16": lambda: delimited("\t").encode("utf-16"),
    "UTF-16, big end first": lambda: b"\xfe\xff" + delimited(",").encode("utf-16-be"),
    "Windows-1252": lambda: delimited(",").encode("cp1252"),
    "XLSX, typed cells": lambda: workbook(ROWS),
    "XLSX, texts": lambda: workbook(ROWS, typed=False),
    "XLSX, an empty sheet before": lambda: workbook([[""]], ROWS),
    "XLSX, notes beside": lambda: workbook([["Notes"], ["Published monthly"]], ROWS),
    "ODS": open_document,
    "zip of CSV": lambda: archive({"spend.csv": RAW, "__MACOSX/._spend.csv": b"x"}),
    "zip of XLSX": lambda: archive({"spend.xlsx": workbook(ROWS)}),
    "JSON, one object a line": lambda: "\n".join(json.dumps(each) for each in objects()).encode(),
    "JSON, one list": lambda: json.dumps(objects(), indent=1).encode(),
}


@pytest.mark.parametrize("how", SAVED)
def test_however_it_was_saved_it_is_the_same_month(how: str) -> None:
    expected = intake.read(RAW)
    assert (len(expected.rows), sum(row.net_pence for row in expected.rows)) == (1_890, 3_609_617_770)
    found = intake.read(SAVED[how]())
    assert [row._replace(line=0) for row in found.rows] == [row._replace(line=0) for row in expected.rows]
    assert found.rejects == []


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (archive({"a.csv": "x", "b.csv": "y"}), "This archive holds 2 files: a.csv, b.csv."),
        (archive({}).replace(b"PK\x05\x06", b"PK\x03\x04", 1), "This archive is damaged."),
        (archive({"inner.zip": archive({"a.csv": "x"})}), "This archive holds another archive."),
        (archive({"a.csv": RAW})[:-200], "This archive is damaged."),
        (workbook([[""]]), "This workbook is empty."),
        (workbook(ROWS[:3], ROWS[:3]), "This workbook holds several tables: Sheet1, Sheet2."),
        (workbook([["a"]], [["b"]]), "has several sheets, and none is a table that is known here: Sheet1, Sheet2."),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "This workbook cannot be read."),
        (b'{"a": 1}\n{"a": 1, "a": 2}', "Line 2 is no row: a name is given twice."),
        (b'{"a": {"b": 1}}', "Line 1 is no row: a is not one value."),
        (b"[1, 2]", "Object 1 of this list is no row: it is no object."),
        (b'[{"a": 1}', "Object 0 of this list is no row: expecting ',' delimiter."),
        (b"{}", "This JSON file holds no rows."),
        (b"[" * 100_000, "Object 0 of this list is no row: it is nested too deeply."),
    ],
)
def test_what_holds_no_one_table_is_refused_with_what_it_is(raw: bytes, says: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        list(opened(raw).lines)
    assert refusal.value.code == "unreadable-file"
    assert says in refusal.value.message
    assert refusal.value.remedy


def test_an_archive_that_unpacks_to_more_than_a_council_s_table_is_not_unpacked() -> None:
    bomb = archive({"spend.csv": bytes(600 * 2**20)})
    assert len(bomb) < 2**20
    with pytest.raises(BadRequest, match="unpacks to over 512 MB"):
        opened(bomb)


def test_digits_of_an_amount_are_those_that_were_written() -> None:
    rows = [
        line.cells for line in opened(b'{"Amount": 1234.10, "n": 12345678901234567890, "b": true, "z": null}').lines
    ]
    assert rows == [("Amount", "n", "b", "z"), ("1234.10", "12345678901234567890", "TRUE", "")]
