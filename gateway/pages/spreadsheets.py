"""How does a list leave as CSV, so that no cell of it is taken for a formula?"""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from fastapi.responses import StreamingResponse

Cell = str | int | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "−")
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that is a number, whatever it begins with."""

    text: str


def safe(text: str) -> str:
    """Text that a spreadsheet shows and does not run."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith(FORMULA) else text


def line(cells: Iterable[Cell | Number]) -> str:
    """One line of the file."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return written.getvalue()


def _cell(cell: Cell | Number) -> str:
    match cell:
        case None:
            return ""
        case Number():
            return cell.text
        case str():
            return safe(cell)
        case _:
            return str(cell)


def answer(name: str, columns: Sequence[str], rows: AsyncIterator[Sequence[Cell | Number]]) -> StreamingResponse:
    """A download, written as its rows are read."""

    async def written() -> AsyncIterator[str]:
        yield "\N{ZERO WIDTH NO-BREAK SPACE}" + line(columns)  # so that spreadsheets read UTF-8
        block: list[str] = []
        async for row in rows:
            block.append(line(row))
            if len(block) == _AT_ONCE:
                yield "".join(block)
                block = []
        yield "".join(block)

    disposition = f'attachment; filename="{name}.csv"'
    return StreamingResponse(
        written(), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )
