"""What stands in a column: days, amounts, or something else?"""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from services.spend.amounts import Fault, day, pence

LOOKED_AT = 500
"""Rows from which it is told what a column without a name holds."""


def _is_day(cell: str) -> bool:
    return not all(isinstance(day(cell, month_first=order), Fault) for order in (False, True))


def _is_amount(cell: str) -> bool:
    return not isinstance(pence(cell.strip()), Fault)


FORMS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "paid_on": ("days", _is_day),
    "net": ("amounts", _is_amount),
    "gross": ("amounts", _is_amount),
    "vat": ("amounts", _is_amount),
}
NAMELESS = ("paid_on", "net")
"""What is recognised without a name: a gross amount or VAT looks like any other."""


def holds(rows: Sequence[Sequence[str]], place: int, fits: Callable[[str], bool]) -> bool:
    """Whether every filled cell of a column has a form, as far as is looked."""
    cells = [row[place] for row in islice(rows, LOOKED_AT) if place < len(row) and row[place].strip()]
    return bool(cells) and all(map(fits, cells))
