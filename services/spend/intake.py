"""What does a published spend file say, row by row? Recognised by its content, never by its name."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from doors.problems import BadRequest
from doors.rows import Line
from doors.tables import opened
from schemas.supplier_names import company_number
from services.spend.amounts import Fault, day, pence
from services.spend.columns import SYNONYMS, Agreed, Layout, layout_of

WITHHELD = re.compile(r"redact|withheld|personal (data|information)|data protection|\bGDPR\b", re.IGNORECASE)
TOTAL = re.compile(
    r"(grand|sub|overall|report)?[\s-]*totals?(\s*(net|amount|spend|spending|payments?|value|£|for .*|\(.*\)))*\s*:?",
    re.IGNORECASE,
)
NOT_FOOTED = Fault("does-not-foot", "Net and VAT do not come to the gross amount.", "Correct whichever is wrong.")
LONGEST_ROW = 8_000
"""Characters; however they are written, the row's fact then fits into an event."""
NOT_STATED = frozenset({"", "-", "N/A", "n/a"})
"""How a file says that a row has no VAT or gross amount."""


class Row(NamedTuple):
    """One row that could be read; amounts in pence."""

    line: int
    paid_on: date
    document_number: str | None
    supplier_name: str
    company_number: str | None
    contract_reference: str | None
    department: str
    purpose: str
    net_pence: int
    vat_pence: int | None
    gross_pence: int | None
    withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One row that could not; `net_pence` is None when its amount is what could not be read."""

    line: int
    field: str
    value: str
    fault: Fault
    net_pence: int | None


@dataclass(frozen=True, slots=True)
class Control:
    """The publisher's own total of the rows above it: no payment. It agrees, or the file is not what was published."""

    line: int
    stated_pence: int
    found_pence: int
    unreadable_rows: int
    """Rows above it whose amount could not be read, and is in no total."""

    @property
    def agrees(self) -> bool:
        """Whether the rows above come to what is stated, all of them being readable."""
        return self.stated_pence == self.found_pence and not self.unreadable_rows


@dataclass(slots=True)
class SpendFile:
    """A whole file, read."""

    encoding: str
    layout: Layout
    blank_rows: int = 0
    """Rows in which every cell is empty: a spreadsheet's, and no rows of the publisher's."""
    rows: list[Row] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    held: Fault | None = None
    """Why none of its rows goes on the record, though most could be read."""
    stated_period: str | None = None
    """Of a file that is held."""

    @property
    def period(self) -> str:
        """The published period: the month of most of its payments, as `2021-04`."""
        if self.stated_period is not None:
            return self.stated_period
        months = Counter(f"{row.paid_on:%Y-%m}" for row in self.rows)
        return max(months, key=lambda month: (months[month], month)) if months else "unknown"

    @property
    def late_rows(self) -> int:
        """Payments of a month before the published period: they come late, and count in this period's file."""
        period = self.period
        return sum(f"{row.paid_on:%Y-%m}" < period for row in self.rows)


def read(content: bytes, given: Mapping[str, str] | None = None, agreed: Agreed = MappingProxyType({})) -> SpendFile:
    """Read a file; `given` says by meaning what a column is called, `agreed` what was said of earlier files.

    Raises BadRequest with a sentence that says what it is, when it is no spend file.
    """
    table = opened(content)
    lines = list(table.lines)
    records = [line for line in lines if line.cells]
    if not records:
        raise BadRequest(
            422, "not-a-spend-file", "This file is empty: it has commas and nothing between them.", field="file",
            remedy="Send the file that was meant.",
        )  # fmt: skip
    layout = layout_of(records, given, agreed)
    found = SpendFile(table.encoding, layout, blank_rows=_blank_after(lines, records[layout.preamble]))
    reader = RowReader(layout)
    for line in records[layout.preamble + 1 :]:
        row = reader.read(line)
        if isinstance(row, Row):
            found.rows.append(row)
        elif (control := reader.control(line, found)) is not None:
            found.controls.append(control)
        else:
            found.rejects.append(row)
    failing = next((control for control in found.controls if not control.agrees), None)
    if failing is not None:
        _hold(found, failing, {line.number: line for line in records})
    return found


def _hold(found: SpendFile, failing: Control, lines: Mapping[int, Line]) -> None:
    """Let no row of a file through whose own total contradicts it: a part of it is missing or was changed."""
    fault = Fault(
        "file-held",
        f"The file's total on line {failing.line:,} is {_pounds(failing.stated_pence)}; the rows above it come to"
        f" {_pounds(failing.found_pence)}"
        + (f", and {failing.unreadable_rows:,} of them cannot be read." if failing.unreadable_rows else "."),
        "Correct the rows or the total, and send the file again: none of its rows is on the record.",
    )
    found.held = fault
    found.rejects += [
        Reject(line=row.line, field="row", value=_cut(lines[row.line].cells), fault=fault, net_pence=row.net_pence)
        for row in found.rows
    ]
    found.rejects.sort(key=lambda reject: reject.line)
    found.stated_period = found.period
    found.rows.clear()


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


def _blank_after(lines: Sequence[Line], header: Line) -> int:
    return sum(not line.cells for line in lines if line.number > header.number)


class RowReader:
    """Reads one file's rows; what a file says over and over is read once."""

    def __init__(self, layout: Layout) -> None:
        columns = {meaning: column.place for meaning, column in layout.columns.items()}
        self._width = len(layout.header)
        self._named = max(place for place, cell in enumerate(layout.header, 1) if cell.strip())
        self._columns = columns
        self._amounts = {columns[meaning] for meaning in ("net", "vat", "gross") if meaning in columns}
        self._picked = itemgetter(*(columns.get(meaning, self._width) for meaning in SYNONYMS))
        self._pence = cache(pence)
        self._day = cache(partial(day, month_first=layout.month_first))
        self._withheld = cache(lambda name: WITHHELD.search(name) is not None)

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
        return self._row(line.number, *map(str.strip, self._picked((*cells, ""))))

    def control(self, line: Line, above: SpendFile) -> Control | None:
        """The publisher's total that a line is: amounts alone, or with the word itself and nothing else.

        It is of all rows above it, or of those since the total before.
        """
        cells = [cell.strip() for cell in line.cells]
        others = [cell for place, cell in enumerate(cells) if cell and place not in self._amounts]
        net = self._columns["net"]
        stated = self._pence(cells[net]) if net < len(cells) else None
        if not isinstance(stated, int) or len(others) > 1 or not all(map(TOTAL.fullmatch, others)):
            return None
        return _total(line.number, stated, above)

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
        self, line: int, paid_on: str, net: str, gross: str, vat: str, document: str, supplier: str, department: str,
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
        return Row(
            line, on, document or None, supplier, company_number(company) if company else None, reference or None,
            department, purpose, net_pence, vat_pence, gross_pence, self._withheld(supplier),
        )  # fmt: skip


def _total(line: int, stated: int, above: SpendFile) -> Control:
    """What the rows come to of which a publisher states the total: since its total before, or else all."""
    since = above.controls[-1].line if above.controls else 0
    found = [
        Control(
            line=line,
            stated_pence=stated,
            found_pence=sum(r.net_pence for r in above.rows if r.line > after)
            + sum(r.net_pence or 0 for r in above.rejects if r.line > after),
            unreadable_rows=sum(r.net_pence is None for r in above.rejects if r.line > after),
        )
        for after in sorted({0, since})
    ]
    return next((control for control in found if control.agrees), found[0])


def _cut(cells: Sequence[str]) -> str:
    return " | ".join(cells)[:500]
