"""What a published file's row says, or why it cannot be read."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.spend.amounts import Fault
from services.spend.booking import UNBOOKED, Booking


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
    booking: Booking = UNBOOKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One row that could not; `net_pence` is None when its amount is what could not be read."""

    line: int
    field: str
    value: str
    fault: Fault
    net_pence: int | None
    cells: tuple[str, ...] = ()
    """The row as published; none where the whole file is to be mended, or where they are too long to be kept."""
