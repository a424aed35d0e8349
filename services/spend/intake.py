"""What does a published spend file say, row by row? Recognised by its content, never by its name."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from doors.problems import BadRequest
from doors.recognition import kind_of
from doors.tables import Line, decoded, lines_of, name_of
from schemas.supplier_names import company_number
from services.spend.amounts import Fault, day, month_comes_first, pence

SYNONYMS = {
    "paid_on": ("dateofpayment", "paymentdate", "paiddate", "datepaid", "date", "effectivedate"),
    "net": ("net", "netamount", "amount", "amountnet", "netvalue", "amountexcvat", "value"),
    "gross": ("gross", "grossamount", "amountgross"),
    "vat": ("vat", "vatamount"),
    "document": ("documentno", "documentnumber", "transactionnumber", "transactionno", "transactionid", "docno"),
    "supplier": ("vendorname", "suppliername", "beneficiaryname", "supplier", "beneficiary", "vendor", "payee"),
    "department": ("servicearea", "expensearea", "organisationalunit", "department", "directorate", "servicelabel"),
    "purpose": ("gldescription", "expensetype", "purpose", "summaryofpurpose", "description", "accountdescription"),
    "company": ("companynumber", "companieshouseregistrationnumber", "companyregistrationnumber"),
    "reference": ("contractref", "contractreference", "contractnumber"),
}
NEEDED = {"paid_on": "a date of payment", "net": "a net amount", "supplier": "a supplier's name"}
WITHHELD = re.compile(r"redact|withheld|personal (data|information)|data protection|\bGDPR\b", re.IGNORECASE)
LONGEST_FIELD = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
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
    rows: list[Row] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def period(self) -> str:
        """The published period: the month of most of its payments, as `2021-04`."""
        months = Counter(f"{row.paid_on:%Y-%m}" for row in self.rows)
        return max(months, key=lambda month: (months[month], month)) if months else "unknown"


def read(content: bytes) -> SpendFile:
    """Read a file. Raises BadRequest with a sentence that says what it is, when it is no spend file."""
    text, encoding = decoded(content)
    lines = lines_of(text)
    header = next(lines).cells
    columns = _columns(header)
    records = list(lines)
    found = SpendFile(encoding)
    month_first = month_comes_first(
        [line.cells[columns["paid_on"]] for line in records if len(line.cells) == len(header)]
    )
    for line in records:
        read_row(found, columns, len(header), line, month_first=month_first)
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


def read_row(found: SpendFile, columns: dict[str, int], width: int, record: Line, *, month_first: bool) -> None:
    """Add one row to the file's rows or to its rejects."""
    line, cells = record.number, record.cells
    if len(cells) < width and len(cells) <= max(columns.values()):
        fault = Fault("row-short", f"The row has {len(cells)} of {width} fields.", "Quote fields that hold line ends.")
        found.rejects.append(Reject(line=line, field="row", value=_cut(cells), fault=fault, net_pence=None))
        return
    if any(cell.strip() for cell in cells[width:]):
        fault = Fault("row-long", f"The row has {len(cells)} fields, {width} are named.", "Quote fields with commas.")
        found.rejects.append(Reject(line=line, field="row", value=_cut(cells), fault=fault, net_pence=None))
        return
    value = {meaning: cells[place].strip() for meaning, place in columns.items()}
    if any(len(cell) > LONGEST_FIELD for cell in value.values()):
        fault = Fault("field-long", f"A field has over {LONGEST_FIELD} characters.", "Shorten it.")
        found.rejects.append(Reject(line=line, field="row", value=_cut(cells), fault=fault, net_pence=None))
        return
    _add(found, line, value, month_first=month_first)


def _add(found: SpendFile, line: int, value: dict[str, str], *, month_first: bool) -> None:
    net = pence(value["net"])
    if isinstance(net, Fault):
        found.rejects.append(Reject(line=line, field="net", value=value["net"], fault=net, net_pence=None))
        return
    paid_on = day(value["paid_on"], month_first=month_first)
    if isinstance(paid_on, Fault):
        found.rejects.append(Reject(line=line, field="paid_on", value=value["paid_on"], fault=paid_on, net_pence=net))
        return
    vat, gross = (pence(value[name]) if value.get(name) else None for name in ("vat", "gross"))
    supplier = value["supplier"]
    found.rows.append(
        Row(
            line=line,
            paid_on=paid_on,
            document_number=value.get("document") or None,
            supplier_name=supplier,
            company_number=company_number(value.get("company", "")),
            contract_reference=value.get("reference") or None,
            department=value.get("department", ""),
            purpose=value.get("purpose", ""),
            net_pence=net,
            vat_pence=vat if isinstance(vat, int) else None,
            gross_pence=gross if isinstance(gross, int) else None,
            withheld=bool(WITHHELD.search(supplier)),
        )
    )


def _cut(cells: Sequence[str]) -> str:
    return " | ".join(cells)[:500]
