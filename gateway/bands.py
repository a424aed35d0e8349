"""The band from which a procedure is asked for, and what comes to it within twelve months; pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

BAND_PENCE = 2_500_000
"""Knowsley's contract procedure rules have the procurement team lead from £25,000 on; used for every organisation."""
BANDS = "Procurement Act 2023, s. 12, and contract procedure rules: needs are added up over twelve months"


def most_in_twelve(paid: Iterable[tuple[date, int]]) -> tuple[int, date]:
    """The most pence in any twelve months in a row, and the first of them; each is (first day of a month, pence)."""
    by_month: defaultdict[date, int] = defaultdict(int)
    for month, pence in paid:
        by_month[month] += pence
    windows = {
        first: sum(pence for month, pence in by_month.items() if 0 <= months_between(first, month) < 12)
        for first in by_month
    }
    return max((pence, first) for first, pence in windows.items())


def months_between(first: date, later: date) -> int:
    """Whole calendar months from one to the other."""
    return 12 * (later.year - first.year) + later.month - first.month


def pounds(pence: int) -> str:
    """As `£25,000.00`."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"
