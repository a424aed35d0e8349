"""Which rejected rows does a file mend, and what does it say of them now? Pure but for the file that it reads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from doors.problems import BadRequest
from doors.rows import Line, name_of
from doors.spooled import Sheet
from schemas.mending import COLUMNS, LINE
from services.spend.published.columns import HEADER_WITHIN, Layout
from services.spend.published.intake import RowReader, kept
from services.spend.published.rows import Reject, Row

MOST_ROWS = 50_000
REMEDY = "Download the rejected rows of that file to mend them, and leave the columns as they are."


@dataclass(frozen=True, slots=True)
class Again:
    """A row that comes again: of which line of the file before, and how it reads now."""

    mends: int
    read: Row | Reject


def rows_again(sheet: Sheet, layout: Layout) -> list[Again]:
    """The rows of a file of mended ones, read as the file before was. Raises BadRequest, which names the row."""
    lines = [line for line in sheet.lines() if line.cells]
    if len(lines) > MOST_ROWS:
        raise _no(f"This file has over {MOST_ROWS:,} rows.", "Send it in parts.")
    at = next((at for at, line in enumerate(lines[:HEADER_WITHIN]) if _names(line) >= {name_of(LINE)}), None)
    if at is None:
        raise _no(f"This file has no column {LINE}: it cannot be told which rejected rows it mends.", REMEDY)
    header = lines[at].cells
    ours = {place for place, cell in enumerate(header) if name_of(cell) in {name_of(each) for each in COLUMNS}}
    line_at = next(place for place in sorted(ours) if name_of(header[place]) == name_of(LINE))
    if _trimmed(_without(header, ours)) != _trimmed(layout.header):
        raise _no("The columns of this file are not those of the file whose rows it mends.", REMEDY)
    reader = RowReader(layout)
    found = [_again(line, line_at, ours, reader) for line in lines[at + 1 :]]
    counted = Counter(each.mends for each in found)
    if counted and max(counted.values()) > 1:
        (line, _), *_ = counted.most_common(1)
        raise _no(f"Line {line:,} of the file before is mended by several rows.", "Send each once.")
    return found


def _again(line: Line, line_at: int, ours: set[int], reader: RowReader) -> Again:
    text = line.cells[line_at].strip().replace(",", "") if line_at < len(line.cells) else ""
    if not (text.isascii() and text.isdecimal()):
        raise _no(f"Line {line.number:,} of this file does not say in {LINE} which row it mends.", REMEDY)
    cells = _without(line.cells, ours)
    read = reader.read(Line(line.number, cells))
    return Again(
        int(text), replace(read, cells=kept(reader.layout.header, cells)) if isinstance(read, Reject) else read
    )


def _names(line: Line) -> set[str]:
    return {name_of(cell) for cell in line.cells}


def _without(cells: Sequence[str], places: set[int]) -> tuple[str, ...]:
    return tuple(cell for place, cell in enumerate(cells) if place not in places)


def _trimmed(cells: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _no(what: str, remedy: str) -> BadRequest:
    return BadRequest(422, "not-mended-rows", what, field="file", remedy=remedy)
