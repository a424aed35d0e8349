"""What does a published spend file say, row by row? Recognised by its content, never by its name."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType

from doors.rows import Line
from doors.spooled import Sheet, sheet_of
from schemas.supplier_names import company_number
from services.spend.amounts import Dates, Fault, day, pence
from services.spend.published.bookings import WITHHELD, BookingReader
from services.spend.published.columns import Agreed, Layout, layout_of, settled_by
from services.spend.published.controls import Control, Tally, is_total
from services.spend.published.readings import Part, StoredRows
from services.spend.published.rows import Reject, Row
from services.spend.published.synonyms import BOOKED, SYNONYMS

NOT_FOOTED = Fault("does-not-foot", "Net and VAT do not come to the gross amount.", "Correct whichever is wrong.")
LONGEST_ROW = 8_000
"""Characters; however they are written, the row's fact then fits into an event."""
LARGEST_BATCH = 4_000_000
"""Characters of rows that are held together, so that memory stays flat however long the rows are."""
KEPT = 20_000
"""Different days and names of which it is remembered how they read."""
TOLD_EVERY = 5_000
NOT_STATED = frozenset({"", "-", "N/A", "n/a"})
"""How a file says that a row has no VAT or gross amount."""


Read = Row | Reject | Control


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read through once: how it is read, what its rows come to, and whether it is held."""

    sheet: Sheet
    layout: Layout
    tally: Tally
    period: str
    """The published period: the month of most of its payments, as `2021-04`."""
    stored: StoredRows = field(default_factory=StoredRows)
    held: Fault | None = None
    """Why none of its rows goes on the record, though most could be read."""

    def batches(self, rows: int) -> Iterator[Part]:
        """All rows in order, as they were counted, up to about so many together, and fewer where they are long.

        Of a file that is held every row is rejected.
        """
        batch = Part([], [])
        for part in self._all_rejected(self.held) if self.held else self.stored.parts():
            if len(batch) and (len(batch) + len(part) > rows or batch.characters + part.characters > LARGEST_BATCH):
                yield batch
                batch = Part([], [])
            batch.extend(part)
        if len(batch):
            yield batch

    def rows(self) -> Iterator[Row]:
        """Those that could be read."""
        return (row for part in self.batches(1) for row in part.rows)

    def rejects(self) -> Iterator[Reject]:
        """Those that could not, or may not."""
        return (reject for part in self.batches(1) for reject in part.rejects)

    def _all_rejected(self, held: Fault) -> Iterator[Part]:
        for line, read in _read_through(self.sheet, RowReader(self.layout), Tally()):
            if isinstance(read, Row):
                net, cells = read.net_pence, _cut(line.cells)
                yield Part(
                    [], [Reject(line=read.line, field="row", value=cells, fault=held, net_pence=net)], len(cells)
                )
            elif isinstance(read, Reject):
                yield Part([], [read], len(read.value))


def kept(header: Sequence[str], cells: tuple[str, ...]) -> tuple[str, ...]:
    """A rejected row's cells, where they fit into an event together with the columns' names."""
    return cells if sum(map(len, header)) + sum(map(len, cells)) <= LONGEST_ROW else ()


def check(
    sheet: Sheet,
    given: Mapping[str, str] | None = None,
    agreed: Agreed = MappingProxyType({}),
    told: Callable[[int], None] = lambda _rows: None,
) -> Reading:
    """Read a file through; `given` says by meaning what a column is called, `agreed` what was said of earlier files.

    Nothing of it is kept. `told` hears now and then how many rows were read. Raises BadRequest with a sentence that
    says what it is, when it is no spend file.
    """
    layout = layout_of(sheet.lines, given, agreed)
    reader, tally = RowReader(layout), Tally()
    stored = _stored(sheet, reader, tally, told)
    settled = settled_by(layout, reader.dates())
    if settled.month_first != layout.month_first:  # the first rows said otherwise than all of them do
        tally = Tally()
        stored = _stored(sheet, RowReader(settled), tally, told)
    period = tally.period
    held = None if tally.failing is None else _why_held(tally.failing)
    if held is not None:
        tally.hold(held.code)
    return Reading(sheet, settled, tally, period, stored, held)


def _stored(sheet: Sheet, reader: "RowReader", tally: Tally, told: Callable[[int], None]) -> StoredRows:
    stored = StoredRows()
    for line, read in _read_through(sheet, reader, tally, told):
        if isinstance(read, Reject):
            stored.add(replace(read, cells=kept(reader.layout.header, line.cells)), sum(map(len, line.cells)))
        elif isinstance(read, Row):
            stored.add(read, sum(map(len, line.cells)))
    stored.flush()
    return stored


def _read_through(
    sheet: Sheet, reader: "RowReader", tally: Tally, told: Callable[[int], None] = lambda _rows: None
) -> Iterator[tuple[Line, Read]]:
    above = reader.layout.preamble + 1
    for number, line in enumerate(sheet.lines()):
        if above:
            above -= bool(line.cells)
            continue
        if not line.cells:
            tally.blank_rows += 1
            continue
        row = reader.read(line)
        if isinstance(row, Row):
            tally.accept(row.paid_on, row.net_pence)
            yield line, row
        elif (stated := reader.total(line)) is not None:
            yield line, tally.control(line.number, stated)
        else:
            tally.reject(row.fault.code, row.net_pence)
            yield line, row
        if not number % TOLD_EVERY:
            told(tally.accepted_rows + tally.rejected_rows)


def _why_held(failing: Control) -> Fault:
    """A file whose own total contradicts it lets no row through: a part of it is missing or was changed."""
    return Fault(
        "file-held",
        f"The file's total on line {failing.line:,} is {_pounds(failing.stated_pence)}; the rows above it come to"
        f" {_pounds(failing.found_pence)}"
        + (f", and {failing.unreadable_rows:,} of them cannot be read." if failing.unreadable_rows else "."),
        "Correct the rows or the total, and send the file again: none of its rows is on the record.",
    )


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


class RowReader:
    """Reads one file's rows; what a file says over and over is read once."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        columns = {meaning: column.place for meaning, column in layout.columns.items()}
        self._width = len(layout.header)
        self._named = max(place for place, cell in enumerate(layout.header, 1) if cell.strip())
        self._columns = columns
        self._amounts = {columns[meaning] for meaning in ("net", "vat", "gross") if meaning in columns}
        stating = [meaning for meaning in SYNONYMS if meaning not in BOOKED]
        self._picked = itemgetter(*(columns.get(meaning, self._width) for meaning in stating))
        self._pence = pence
        self._day = lru_cache(KEPT)(self._told_day)
        self._withheld = lru_cache(KEPT)(lambda name: WITHHELD.search(name) is not None)
        self._dates = Dates()
        self._bookings = BookingReader(columns, lambda text: day(text, month_first=layout.month_first))

    def dates(self) -> Dates:
        """What the days that were read say of days and months."""
        return self._dates

    def _told_day(self, text: str) -> date | Fault:
        self._dates.look(text)
        return day(text, month_first=self.layout.month_first)

    def read(self, line: Line) -> Row | Reject:
        """The row, or why it cannot be read."""
        cells = line.cells
        if len(cells) != self._width:
            fault = self._miscounted(cells)
            if fault is not None:
                return Reject(line=line.number, field="row", value=_cut(cells), fault=fault, net_pence=None)
            cells = (*cells, *[""] * self._width)[: self._width]
        if sum(map(len, cells)) > LONGEST_ROW:
            fault = Fault("text-long", f"The row has over {LONGEST_ROW:,} characters.", "Shorten its texts.")
            return Reject(line=line.number, field="row", value=_cut(cells), fault=fault, net_pence=None)
        return self._row(line.number, cells, *map(str.strip, self._picked((*cells, ""))))

    def total(self, line: Line) -> int | None:
        """The pence of the publisher's total that a line is: amounts alone, or with the word itself and nothing else."""
        cells = [cell.strip() for cell in line.cells]
        others = [cell for place, cell in enumerate(cells) if cell and place not in self._amounts]
        net = self._columns["net"]
        stated = self._pence(cells[net]) if net < len(cells) else None
        return stated if isinstance(stated, int) and is_total(others) else None

    def _miscounted(self, cells: Sequence[str]) -> Fault | None:
        """The fault of a row that is shorter or longer than the header; empty cells at the end are none."""
        if len(cells) < self._named:
            return Fault(
                "row-short", f"The row has {len(cells)} of {self._named} fields.", "Quote fields that hold line ends."
            )
        if any(cell.strip() for cell in cells[self._width :]):
            return Fault(
                "row-long", f"The row has {len(cells)} fields, {self._width} are named.", "Quote fields with commas."
            )
        return None

    def _row(  # the cells come in the order of SYNONYMS
        self, line: int, cells: Sequence[str], paid_on: str, net: str, gross: str, vat: str, document: str, supplier: str, department: str,
        purpose: str, company: str, reference: str,
    ) -> Row | Reject:  # fmt: skip
        net_pence = self._pence(net)
        if isinstance(net_pence, Fault):
            return Reject(line=line, field="net", value=net, fault=net_pence, net_pence=None)
        on = self._day(paid_on)
        if isinstance(on, Fault):
            return Reject(line=line, field="paid_on", value=paid_on, fault=on, net_pence=net_pence)
        vat_pence = None if vat in NOT_STATED else self._pence(vat)
        if isinstance(vat_pence, Fault):
            return Reject(line=line, field="vat", value=vat, fault=vat_pence, net_pence=net_pence)
        gross_pence = None if gross in NOT_STATED else self._pence(gross)
        if isinstance(gross_pence, Fault):
            return Reject(line=line, field="gross", value=gross, fault=gross_pence, net_pence=net_pence)
        if None not in (vat_pence, gross_pence) and net_pence + (vat_pence or 0) != gross_pence:
            return Reject(line=line, field="gross", value=gross, fault=NOT_FOOTED, net_pence=net_pence)
        number, withheld = company_number(company) if company else None, self._withheld(supplier)
        return Row(
            line, on, document or None, supplier, number, reference or None, department, purpose, net_pence, vat_pence,
            gross_pence, withheld, self._bookings.read(cells, "" if number else company, withheld=withheld),
        )  # fmt: skip


def _cut(cells: Sequence[str]) -> str:
    return " | ".join(cells)[:500]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendFile:
    """A whole file with every row of it."""

    encoding: str
    layout: Layout
    blank_rows: int
    rows: Sequence[Row]
    rejects: Sequence[Reject]
    controls: Sequence[Control]
    held: Fault | None
    period: str
    late_rows: int


def read(content: bytes, given: Mapping[str, str] | None = None, agreed: Agreed = MappingProxyType({})) -> SpendFile:
    """Read a file that is small enough to be held. Raises BadRequest as `check` does."""
    reading = check(sheet_of(io.BytesIO(content)), given, agreed)
    return SpendFile(
        encoding=reading.sheet.encoding,
        layout=reading.layout,
        blank_rows=reading.tally.blank_rows,
        rows=list(reading.rows()),
        rejects=list(reading.rejects()),
        controls=reading.tally.controls,
        held=reading.held,
        period=reading.period,
        late_rows=reading.tally.late_rows,
    )
