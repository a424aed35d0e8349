"""What does a spreadsheet hold? Its one table, every cell as the text that a CSV file would have."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from doors.problems import BadRequest
from doors.recognition import kind_of
from doors.rows import Line, unreadable
from schemas.cells import restored

LARGEST_UNPACKED = 512 * 2**20
"""Bytes; a small archive that unpacks to more is an attack, or no council's table."""
WIDEST_HEADER_SEARCH = 30
"""Lines from the top among which a sheet's column names are looked for."""

Cell = int | float | str | bool | time | date | datetime | timedelta


def unpacked_size(raw: IO[bytes]) -> int:
    """Bytes that an archive says it unpacks to. Raises BadRequest when it is none, or says too many."""
    try:
        with ZipFile(raw) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except BadZipFile:
        raise unreadable("This archive is damaged.", "Save the table again, as CSV if you can.") from None
    if size > LARGEST_UNPACKED:
        megabytes = LARGEST_UNPACKED // 2**20
        raise unreadable(f"This archive unpacks to over {megabytes} MB.", "Send it in parts, a month each.")
    return size


def lines_of_workbook(raw: bytes) -> Iterator[Line]:
    """The rows of the sheet that holds the table; an empty row has no cells. Raises BadRequest."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = {
            sheet.name: workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            for sheet in workbook.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
        }
    except (CalamineError, ValueError, OSError) as error:
        what = "needs a password" if "password" in str(error).lower() else "cannot be read"
        raise unreadable(f"This workbook {what}.", "Save the table as CSV in UTF-8 and send that.") from None
    rows = sheets[_chosen(sheets)]
    for number, row in enumerate(rows, 1):
        cells = tuple(map(text_of, row))
        yield Line(number, cells if any(cells) else ())


def _chosen(sheets: dict[str, list[list[Cell]]]) -> str:
    """The only sheet with anything on it, or else the only one whose columns are known."""
    filled = [name for name, rows in sheets.items() if any(cell != "" for row in rows for cell in row)]
    if not filled:
        raise unreadable("This workbook is empty.", "Send the file that was meant.")
    known = filled if len(filled) == 1 else [name for name in filled if _is_known(sheets[name])]
    if len(known) == 1:
        return known[0]
    names = ", ".join(known or filled)[:200]
    what = "holds several tables" if known else "has several sheets, and none is a table that is known here"
    raise _several(f"This workbook {what}: {names}.")


def _several(what: str) -> BadRequest:
    return unreadable(what, "Save each sheet as a file of its own and send them one by one.")


def _is_known(rows: list[list[Cell]]) -> bool:
    return any(kind_of([text_of(cell) for cell in row]) != "other" for row in rows[:WIDEST_HEADER_SEARCH])


def text_of(cell: Cell) -> str:
    """A cell as text: numbers in full, days as 2021-04-01, nothing rounded."""
    match cell:
        case str():
            return restored(cell)
        case bool():
            return str(cell).upper()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)
