"""How does a list leave as CSV or XLSX, so that no cell of it is taken for a formula?"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import xlsxwriter
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from gateway.lines import Cell, Number, Row, line
from schemas.cells import defused

Form = Literal["csv", "xlsx"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""Of a sheet, as Excel reads it; what is more goes on the next one."""
LONGEST_CELL = 32_767
CUT = " … (cut: the CSV file has it whole)"
_AT_ONCE = 100


async def answer(form: Form, name: str, columns: Sequence[str], rows: AsyncIterator[Row]) -> Response:
    """A download: CSV is written as its rows are read, a workbook when it is whole."""
    return _csv(name, columns, rows) if form == "csv" else await _workbook(name, columns, rows)


def _csv(name: str, columns: Sequence[str], rows: AsyncIterator[Row]) -> StreamingResponse:
    async def written() -> AsyncIterator[str]:
        yield "\N{ZERO WIDTH NO-BREAK SPACE}" + line(columns)  # so that spreadsheets read UTF-8
        block: list[str] = []
        async for row in rows:
            block.append(line(row))
            if len(block) == _AT_ONCE:
                yield "".join(block)
                block = []
        yield "".join(block)

    return StreamingResponse(written(), media_type="text/csv; charset=utf-8", headers=_named(f"{name}.csv"))


async def _workbook(name: str, columns: Sequence[str], rows: AsyncIterator[Row]) -> FileResponse:
    folder = TemporaryDirectory(prefix="localpound-")
    path = Path(folder.name) / "list.xlsx"
    try:
        book = Workbook(path, columns)
        async for row in rows:
            book.add(row)
        await asyncio.to_thread(book.close)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path, media_type=XLSX, headers=_named(f"{name}.xlsx"), background=BackgroundTask(folder.cleanup)
    )


class Workbook:
    """A list as XLSX, row by row: what is written is not kept in memory."""

    def __init__(self, path: Path, columns: Sequence[str], most_rows: int = MOST_ROWS) -> None:
        self._book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
        self._pounds = self._book.add_format({"num_format": "0.00"})
        self._text = self._book.add_format({"num_format": "@"})
        self._bold = self._book.add_format({"bold": True})
        self._columns, self._most_rows = columns, most_rows
        self._row = most_rows

    def add(self, cells: Row) -> None:
        """Write a row, on a further sheet where one is full."""
        if self._row == self._most_rows:
            self._begin_sheet()
        for place, cell in enumerate(cells):
            self._write(place, cell)
        self._row += 1

    def close(self) -> None:
        """Write the file."""
        if self._row == self._most_rows and not self._book.worksheets():
            self._begin_sheet()
        self._book.close()

    def _begin_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for place, name in enumerate(self._columns):
            self._sheet.write_string(0, place, name, self._bold)
        self._row = 1

    def _write(self, place: int, cell: Cell | Number) -> None:
        match cell:
            case None | "" | Number(""):
                return
            case Number():  # a spreadsheet's number is exact to the penny up to £90 trillion
                self._sheet.write_number(self._row, place, float(cell.text), self._pounds)
            case int():
                self._sheet.write_number(self._row, place, cell)
            case _:
                text = defused(cell)
                if len(text) > LONGEST_CELL:
                    text = text[: LONGEST_CELL - len(CUT)] + CUT
                self._sheet.write_string(self._row, place, text, self._text)


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


__all__ = ["Form", "Number", "Row", "Workbook", "answer", "line"]
