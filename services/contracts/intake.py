"""What does a contract register's file say? Rows that can be read, and rows that cannot, with the reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from doors.amounts import published_pence
from doors.problems import BadRequest
from doors.recognition import kind_of
from doors.rows import Line, name_of
from doors.tables import cleaned, opened, trimmed
from schemas.contracts import ContractAwarded, RegisterRowRejected, SupplierStated
from schemas.identifiers import charity_identifier, identifiers_in, in_company_column
from schemas.supplier_names import company_number, normalised_name, supplier_id
from services.contracts.dates import NO_DATE, last_day, published_day

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "reference": ("contractreference", "contractref", "reference", "referencenumber", "contractnumber", "ref"),
    "title": ("contracttitle", "title", "titleofagreement", "agreementtitle", "contractname"),
    "description": ("contractdescription", "description", "descriptionofthegoodsandorservices"),
    "supplier": (
        "suppliercompanyname", "suppliername", "supplier", "nameofsupplier", "contractor", "provider", "vendorname", "vendor",
    ),
    "postcode": ("supplierpostcode", "postcode"),
    "company": (
        "companynumber", "companieshouseregistrationnumber", "companyregistrationnumber",
        "supplierregisteredcompanynumber",
    ),
    "charity": (
        "charitynumber", "charitycommissionnumber", "supplierregisteredcharitynumber", "registeredcharitynumber",
    ),
    "sme": ("smesupplier", "sme", "supplierissme", "smevcse"),
    "directorate": ("directoratename", "organisationalunit", "directorate", "department", "servicearea"),
    "procedure": ("processused", "processtype", "procedure", "procurementprocess", "processtypeused"),
    "starts_on": ("startdate", "contractstartdate", "start"),
    "expires_on": ("currentexpirydate", "expirydate", "currentenddate"),
    "ends_on": ("enddate", "contractenddate", "end"),
    "months": ("contractdurationmonths", "contractlengthmonths", "durationmonths"),
    "value": (
        "totalcontractvalueincludingextensions", "totalcontractvalue", "contractvalue", "totalvalue", "value",
    ),
    "annual": ("annualvalue", "estimatedannualvalue", "annualcontractvalue"),
    "category_code": ("proclassclassification", "proclasscode"),
    "category_label": ("proclassdescription", "proclasslabel", "procurementcategory"),
}  # fmt: skip
NO_VALUE = {"", "-", "–", "N/A", "NA", "TBC", "TBA", "NIL", "NONE", "VARIOUS", "UNKNOWN"}
SEVERAL = re.compile(r"\b(various|multiple)\b", re.IGNORECASE)
HEADER_WITHIN = 10
LONGEST = {"reference": 100, "title": 500, "supplier": 300, "description": 4_000}
LONGEST_CELL = 500
CATEGORY = re.compile(r"\d{6}", re.ASCII)
POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})", re.ASCII)

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register as read; contract ids and links are still to be given."""

    encoding: str
    contracts: tuple[ContractAwarded, ...]
    suppliers: tuple[SupplierStated, ...]
    rejected: tuple[RegisterRowRejected, ...]


class Unreadable(Exception):
    """One cell because of which a row cannot be taken."""

    def __init__(self, column: str, code: str, reason: str, remedy: str) -> None:
        super().__init__(code)
        self.column = column
        self.code = code
        self.reason = reason
        self.remedy = remedy


def read_register(raw: bytes, *, file_id: str, stated_on: date) -> Register:
    """All rows of a register. Raises BadRequest, with what it is, for a file that is none."""
    table = opened(raw)
    lines = [line for line in table.lines if line.cells]
    at, header = _header(lines)
    columns = _columns(header)
    contracts: list[ContractAwarded] = []
    suppliers: list[SupplierStated] = []
    rejected: list[RegisterRowRejected] = []
    for line in lines[at + 1 :]:
        cells = {n: cleaned(line.cells[i]) if i < len(line.cells) else "" for n, i in columns.items()}
        try:
            _check_width(line, header)
            contract = _contract(cells, file_id, line.number, stated_on)
        except Unreadable as fault:
            published = "" if fault.column not in columns else header[columns[fault.column]]
            rejected.append(_rejected(fault, cells, cleaned(published), file_id, line.number))
            continue
        contracts.append(contract)
        if contract.supplier_id is not None:
            suppliers.append(_supplier(cells, contract))
    return Register(
        encoding=table.encoding,
        contracts=tuple(contracts),
        suppliers=tuple(suppliers),
        rejected=tuple(rejected),
    )


def _header(lines: Sequence[Line]) -> tuple[int, tuple[str, ...]]:
    """Where the column names stand, and which they are."""
    heads = lines[:HEADER_WITHIN]
    for at, line in enumerate(heads):
        if kind_of(line.cells) == "register" and _columns(line.cells).keys() >= {"title", "supplier"}:
            return at, trimmed(line.cells)
    names = ", ".join(name for line in heads[:1] for name in map(cleaned, line.cells) if name)[:300]
    if any(kind_of(line.cells) == "spend" for line in heads):
        raise BadRequest(
            422,
            "not-a-register",
            f"This is a file of payments (its columns are {names}), not a contract register.",
            field="file",
            remedy="Import it as a spend file.",
        )
    raise BadRequest(
        422,
        "not-a-register",
        "This is not a contract register: a register has columns for a contract's title, its"
        f" supplier and its start or end. The first line here holds {names or 'nothing'}.",
        field="file",
        remedy="Send the register as the council publishes it, with its line of column names.",
    )


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Where each of our columns stands; the first synonym that is there wins."""
    places: dict[str, int] = {}
    for i, cell in enumerate(header):
        places.setdefault(name_of(cell), i)
    found = {
        ours: next((places[theirs] for theirs in synonyms if theirs in places), None)
        for ours, synonyms in COLUMNS.items()
    }
    return {ours: i for ours, i in found.items() if i is not None}


def _check_width(line: Line, header: Sequence[str]) -> None:
    if len(trimmed(line.cells)) > len(header):
        raise Unreadable(
            "",
            "too-many-cells",
            f"The row has {len(trimmed(line.cells))} cells under {len(header)} column names.",
            "Put cells that hold a comma in quotation marks.",
        )


def _contract(cells: Cells, file_id: str, line: int, stated_on: date) -> ContractAwarded:
    """One row as a fact, its id still empty. Raises Unreadable at the first cell at fault."""
    _check(cells)
    starts_on, ends_on = _term(cells)
    number = company_number(cells.get("company", ""))
    several = _names_several(cells)
    return ContractAwarded(
        contract_id="",
        reference=cells.get("reference") or None,
        title=cells["title"],
        description=cells.get("description", ""),
        supplier_id=None if several else supplier_id(number, cells["supplier"]),
        supplier_name=cells["supplier"],
        directorate=cells.get("directorate", ""),
        procedure=cells.get("procedure", ""),
        starts_on=starts_on,
        ends_on=ends_on,
        value_pence=_money(cells, "value"),
        annual_pence=_money(cells, "annual"),
        category_code=_category(cells.get("category_code", "")),
        category_label=cells.get("category_label", ""),
        extends_contract_id=None,
        file_id=file_id,
        line=line,
        stated_on=stated_on,
    )


def _check(cells: Cells) -> None:
    """Raises Unreadable where a row lacks what a contract must have, or a cell is too long."""
    for column, what in (("title", "title"), ("supplier", "supplier")):
        if not cells[column]:
            raise Unreadable(column, f"no-{what}", f"The row names no {what}.", f"Give the contract's {what}.")
    for column, cell in cells.items():
        if len(cell) > LONGEST.get(column, LONGEST_CELL):
            raise Unreadable(
                column,
                "too-long",
                f"The cell has {len(cell):,} characters.",
                f"Shorten it to {LONGEST.get(column, LONGEST_CELL):,}.",
            )


def _term(cells: Cells) -> tuple[date | None, date | None]:
    """Its first and last day, as far as they are given. Raises Unreadable."""
    starts_on = _day(cells, "starts_on")
    ends_on = _day(cells, "expires_on") or _day(cells, "ends_on")
    if not (cells.get("expires_on") or cells.get("ends_on")):  # a word, as Rolling, says that there is no end
        ends_on = last_day(starts_on, cells.get("months", ""))
    if starts_on and ends_on and ends_on < starts_on:
        raise Unreadable(
            "expires_on" if _day(cells, "expires_on") else "ends_on",
            "ends-before-start",
            f"The contract ends on {ends_on}, before it starts on {starts_on}.",
            "Correct the start or the end date.",
        )
    return starts_on, ends_on


def _names_several(cells: Cells) -> bool:
    """Whether a row names more than one supplier, or none in particular."""
    numbers = re.findall(r"\d{7,8}", cells.get("company", ""))
    told = (cells["supplier"], cells.get("postcode", ""), cells.get("company", ""))
    return len(numbers) > 1 or any(SEVERAL.search(cell) for cell in told) or not normalised_name(cells["supplier"])


def _supplier(cells: Cells, contract: ContractAwarded) -> SupplierStated:
    assert contract.supplier_id is not None, "a row of several suppliers states none"
    return SupplierStated(
        supplier_id=contract.supplier_id,
        name=contract.supplier_name,
        normalised_name=normalised_name(contract.supplier_name),
        company_number=company_number(cells.get("company", "")),
        postcode=_postcode(cells.get("postcode", "")),
        sme={"yes": True, "no": False}.get(cells.get("sme", "").lower()),
        file_id=contract.file_id,
        line=contract.line,
        stated_on=contract.stated_on,
        additional_identifiers=identifiers_in(
            (in_company_column, cells.get("company")), (charity_identifier, cells.get("charity"))
        ),
    )


def _postcode(cell: str) -> str | None:
    found = POSTCODE.fullmatch(cell.upper())
    return f"{found[1]} {found[2]}" if found else None


def _category(cell: str) -> str | None:
    return cell if CATEGORY.fullmatch(cell) else None


def _day(cells: Cells, column: str) -> date | None:
    cell = cells.get(column, "")
    if cell.upper() in NO_DATE:
        return None
    day = published_day(cell)
    if day is None:
        raise Unreadable(
            column,
            "no-such-day",
            "The cell is neither a day of the calendar nor a word for an unknown date.",
            "Write the day as 2022-07-31 or 31/07/2022; leave the cell empty where it is not known.",
        )
    return day


def _money(cells: Cells, column: str) -> int | None:
    cell = cells.get(column, "")
    if cell.upper() in NO_VALUE:
        return None
    pence = published_pence(cell)
    if pence is None:
        raise Unreadable(
            column,
            "no-amount",
            "The cell is no amount in pounds with at most two decimals.",
            "Write it as 1234.50; leave the cell empty where there is none.",
        )
    if pence < 0:
        raise Unreadable(
            column,
            "below-zero",
            "A contract's value cannot be below zero.",
            "Give the value of the whole contract; record a reduction as a new value.",
        )
    return pence


def _rejected(fault: Unreadable, cells: Cells, column: str, file_id: str, line: int) -> RegisterRowRejected:
    try:
        pence = _money(cells, "value")
    except Unreadable:
        pence = None
    return RegisterRowRejected(
        file_id=file_id,
        line=line,
        field=column or fault.column or "row",
        value=cells.get(fault.column, "")[:LONGEST_CELL],
        code=fault.code,
        reason=fault.reason,
        remedy=fault.remedy,
        net_pence=pence,
    )
