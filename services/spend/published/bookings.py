"""What does a published row say of its booking: invoice, order, cost centre? Beside what makes it a payment.

None of it is needed, and none of it says which payment a row is: a row is known again whether or not a column for it
was published. What cannot be read is left out, and rejects nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from schemas import proclass
from schemas.identifiers import charity_identifier, identifiers_in, in_company_column, vat_identifier
from services.spend.amounts import Fault, pence
from services.spend.booking import UNBOOKED, Booking
from services.spend.published.synonyms import BOOKED

WITHHELD = re.compile(r"redact|withheld|personal (data|information)|data protection|\bGDPR\b", re.IGNORECASE)
CPV = re.compile(r"^(\d{8})(-\d)?$", re.ASCII)
LONGEST = 100
"""Characters of a number or name."""


class BookingReader:
    """Reads the columns that a file has of these."""

    def __init__(self, columns: Mapping[str, int], day: Callable[[str], date | Fault]) -> None:
        self._columns = {meaning: columns[meaning] for meaning in BOOKED if meaning in columns}
        self._day = day

    def read(self, cells: Sequence[str], company: str, *, withheld: bool) -> Booking:
        """The booking of a row that is as long as its header; `company` is what it says where company numbers stand.

        Numbers of a payee whose name is withheld are withheld with it: publishers have forgotten them.
        """
        if not self._columns and not company:
            return UNBOOKED
        said = {meaning: cells[place].strip() for meaning, place in self._columns.items()}
        if not company and not any(said.values()):
            return UNBOOKED
        return Booking(
            invoice_number=_unless_redacted(said.get("invoice_number")),
            invoice_date=self._date(said.get("invoice_date")),
            received_date=self._date(said.get("received_date")),
            purchase_order=_text(said.get("purchase_order")),
            cost_centre=_text(said.get("cost_centre")),
            irrecoverable_vat_pence=_pence(said.get("irrecoverable_vat")),
            proclass_code=proclass_code(said.get("proclass_code")),
            cpv_code=cpv_code(said.get("cpv_code")),
            additional_identifiers=()
            if withheld
            else identifiers_in(
                (in_company_column, company),
                (charity_identifier, said.get("charity_number")),
                (vat_identifier, said.get("vat_number")),
            ),
        )

    def _date(self, text: str | None) -> date | None:
        found = self._day(text) if text else None
        return found if isinstance(found, date) else None


def proclass_code(text: str | None) -> str | None:
    """A code of ProClass 17; None for what is none."""
    return text if text and proclass.known(text) else None


def cpv_code(text: str | None) -> str | None:
    """A code of the CPV without its check digit; None for what is none."""
    found = CPV.match(text or "")
    return None if found is None else found[1]


def _text(text: str | None) -> str | None:
    return text if text and len(text) <= LONGEST else None


def _unless_redacted(text: str | None) -> str | None:
    """A number, unless the publisher wrote why there is none: that is no number that two invoices share."""
    return None if text and WITHHELD.search(text) else _text(text)


def _pence(text: str | None) -> int | None:
    found = pence(text) if text else None
    return found if isinstance(found, int) else None
