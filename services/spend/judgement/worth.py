"""Can one payment be on a contract of that value? A dated rule; pure."""

from collections.abc import Collection
from datetime import date

RULES_DATED = date(2026, 11, 24)
ABOVE_PERCENT = 20
"""A register may state a value without VAT, and a last invoice a little above it; more than this is another purchase."""


def outgrown(net_pence: int, values: Collection[int | None]) -> bool:
    """Whether a payment alone is more than all that a contract and its extensions are worth together.

    A contract whose value is not stated, or is nought, may be worth anything.
    """
    known = [value for value in values if value]
    return len(known) == len(values) and 100 * net_pence > (100 + ABOVE_PERCENT) * sum(known)
