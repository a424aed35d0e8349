"""What is a row of a table, and how does it become a line of CSV that no spreadsheet runs?"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.cells import defused

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that is a number with at most two decimals, whatever it begins with; empty where nothing is known."""

    text: str


Row = Sequence[Cell | Number]


def line(cells: Iterable[Cell | Number]) -> str:
    """One line of a CSV file."""
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
            return defused(cell)
        case _:
            return str(cell)
