"""What does a published spend file say, row by row? Recognised by its content, never by its name."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from operator import itemgetter
from typing import NamedTuple

from doors.problems import BadRequest
from doors.recognition import kind_of
from doors.rows import Line, name_of
from doors.tables import opened
from schemas.supplier_names import company_number
from services.spend.amounts import Fault, day, month_comes_first, pence

SYNONYMS = {
    "paid_on": (
        "dateofpayment", "paymentdate", "invoicepaymentdate", "paiddate", "datepaid", "paydate", "transactiondate",
        "date", "effectivedate",
    ),
    "net": (
        "net", "netamount", "amountnet", "netvalue", "amountexcvat", "amountexvat", "amountexcludingvat",
        "invoicelinevaluenetofvat", "amount", "value",
    ),
    "gross": ("gross", "grossamount", "amountgross"),
    "vat": ("vat", "vatamount"),
    "document": (
        "documentno", "documentnumber", "transactionnumber", "transactionno", "transactionid", "transno", "docno",
        "internalrefnumber", "vouchernumber",
    ),
    "supplier": (
        "vendorname", "suppliername", "supplierbeneficiaryname", "beneficiaryname", "payeename", "creditorname",
        "supplier", "beneficiary", "vendor", "payee",
    ),
    "department": (
        "servicearea", "expensearea", "organisationalunit", "department", "directorate", "directotate", "servicelabel",
        "service",
    ),
    "purpose": (
        "gldescription", "expensetype", "expensestype", "purpose", "summaryofpurpose", "purposeofspendsummary",
        "accountdescription", "detailedexpendituretype", "detailedexpensestype", "description", "expenditurecategory",
        "account", "narrative",
    ),
    "company": ("companynumber", "companieshouseregistrationnumber", "companyregistrationnumber",
                "supplierregisteredcompanynumber"),
    "reference": ("contractref", "contractreference", "contractnumber"),
}  # fmt: skip
NEEDED = {"paid_on": "a date of payment", "net": "a net amount", "supplier": "a supplier's name"}
WITHHELD = re.compile(r"redact|withheld|personal (data|information)|data protection|\bGDPR\b", re.IGNORECASE)
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


@dataclass(slots=True)
class SpendFile:
    """A whole file, read."""

    encoding: str
    blank_rows: int = 0
    """Rows in which every cell is empty: a spreadsheet's, and no rows of the publisher's."""
    rows: list[Row] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def period(self) -> str:
        """The published period: the month of most of its payments, as `2021-04`."""
        months = Counter(f"{row.paid_on:%Y-%m}" for row in self.rows)
        return max(months, key=lambda month: (months[month], month)) if months else "unknown"


def read(content: bytes) -> SpendFile:
    """Read a file. Raises BadRequest with a sentence that says what it is, when it is no spend file."""
    table = opened(content)
    lines = iter(table.lines)
    header = next((line.cells for line in lines if line.cells), None)
    if header is None:
        raise _not_spend("This file is empty: it has commas and nothing between them.", "Send the file that was meant.")
    columns = _columns(header)
    following = list(lines)
    records = [line for line in following if line.cells]
    dates = columns["paid_on"]
    month_first = month_comes_first([line.cells[dates] for line in records if len(line.cells) == len(header)])
    reader = RowReader(header, columns, month_first=month_first)
    found = SpendFile(table.encoding, blank_rows=len(following) - len(records))
    for line in records:
        row = reader.read(line)
        if isinstance(row, Row):
            found.rows.append(row)
        else:
            found.rejects.append(row)
    return found


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = [name_of(cell) for cell in header]
    if kind_of(header) == "register":
        raise _not_spend("This is a contract register, not a spend file.", "Import it as a register.")
    columns = {
        meaning: names.index(known[0])
        for meaning, synonyms in SYNONYMS.items()
        if (known := [synonym for synonym in synonyms if synonym in names])
    }
    twice = [header[place].strip() for place in columns.values() if names.count(names[place]) > 1]
    if twice:
        raise _not_spend(f"This file has two columns called {twice[0]}.", "Name each column once, and send it again.")
    missing = [what for meaning, what in NEEDED.items() if meaning not in columns]
    if missing:
        columns_seen = ", ".join(cell for cell in header if cell.strip())[:200]
        raise _not_spend(
            f"This is no spend file: no column is recognised as {' or '.join(missing)}. It has: {columns_seen}.",
            "Name the columns as in the transparency code: PaymentDate, BeneficiaryName, Amount.",
        )
    return columns


def _not_spend(what: str, remedy: str) -> BadRequest:
    return BadRequest(422, "not-a-spend-file", what, field="file", remedy=remedy)


class RowReader:
    """Reads one file's rows; what a file says over and over is read once."""

    def __init__(self, header: Sequence[str], columns: Mapping[str, int], *, month_first: bool) -> None:
        self._width = len(header)
        self._named = max(place for place, cell in enumerate(header, 1) if cell.strip())
        self._picked = itemgetter(*(columns.get(meaning, self._width) for meaning in SYNONYMS))
        self._pence = cache(pence)
        self._day = cache(partial(day, month_first=month_first))
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
        return Row(
            line, on, document or None, supplier, company_number(company) if company else None, reference or None,
            department, purpose, net_pence, vat_pence, gross_pence, self._withheld(supplier),
        )  # fmt: skip


def _cut(cells: Sequence[str]) -> str:
    return " | ".join(cells)[:500]
