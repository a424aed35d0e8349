"""How did a ledger book a payment, and which earlier one does it name?"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec import Struct

from schemas.spend import LinkKind


class Booking(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """How a ledger booked a payment; None where it does not say."""

    document_line: str | None = None
    invoice_number: str | None = None
    invoice_date: date | None = None
    received_date: date | None = None
    purchase_order: str | None = None
    cost_centre: str | None = None
    account: str | None = None
    irrecoverable_vat_pence: int | None = None
    pay_run: str | None = None
    status: str | None = None
    proclass_code: str | None = None
    """What was bought, as the payer classed it: ProClass 17."""
    cpv_code: str | None = None
    """The same in the Common Procurement Vocabulary of 2008, eight digits."""
    additional_identifiers: tuple[str, ...] = ()
    """Of the payee, as `schemas/identifiers.py` writes them, sorted."""


UNBOOKED = Booking()


@dataclass(frozen=True, slots=True)
class Link:
    """What a payment says of an earlier one."""

    kind: LinkKind
    original: str
    """Its payment id."""


def said_of(booking: Booking) -> dict[str, Any]:
    """What is said of a booking, by the names that the facts use too."""
    if booking == UNBOOKED:
        return {}
    return {name: value for name in Booking.__struct_fields__ if (value := getattr(booking, name)) not in (None, ())}


def booked(booking: Booking) -> dict[str, str | int | tuple[str, ...]]:
    """What is said of a booking, days as `2021-04-01`; empty for a file's row."""
    said = said_of(booking)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
