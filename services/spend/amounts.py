"""What is a sum of money, and what is a day? A written list of forms; everything else is refused."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from doors.amounts import published_pence

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00:00(?:\.0+)?)?")
_SLASHED = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: 00:00(?::00)?)?")
_NAMED = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3})[a-z]*[ -]([0-9]{4}|[0-9]{2})")
_PLAIN = re.compile(r"-?[0-9]{1,11}(?:\.[0-9]{1,2})?")
LONDON = ZoneInfo("Europe/London")
CENTURY = 2000  # two-digit years: no council published spending before 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value cannot be read, and what to do about it."""

    code: str
    reason: str
    remedy: str


def pence(text: str) -> int | Fault:
    """Pence of an amount as councils print it (`doors.amounts`); nothing is rounded."""
    if _PLAIN.fullmatch(text):  # nine in ten amounts, at a third of the cost
        pounds, _, decimals = text.partition(".")
        return int(pounds + decimals.ljust(2, "0"))
    found = published_pence(text)
    return _amount_fault(text.strip()) if found is None else found


def _amount_fault(text: str) -> Fault:
    if not text:
        return Fault("amount-missing", "There is no amount.", "Give the amount in pounds, as 1234.50.")
    if re.fullmatch(r"-?[0-9]+\.[0-9]{3,}(E-?[0-9]+)?|-?[0-9.]+E[+-]?[0-9]+", text, re.IGNORECASE):
        return Fault(
            "amount-not-pence",
            "The amount has more than two decimals: a spreadsheet's rounding error, or half a penny.",
            "Give the amount to the penny; we round nothing.",
        )
    return Fault("amount-unreadable", "The amount is in no form that we read.", "Write it as 1234.50 or -1,234.50.")


def day(text: str, *, month_first: bool) -> date | Fault:
    """A day as `2021-04-01`, `01/04/2021`, `1-Apr-21`; a time of day other than midnight is no day."""
    value = text.strip()
    try:
        if found := _ISO.fullmatch(value):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _SLASHED.fullmatch(value):
            first, second, year = (int(part) for part in found.groups())
            return date(year, first, second) if month_first else date(year, second, first)
        if (found := _NAMED.fullmatch(value)) and found[2].lower() in _MONTHS:
            year = int(found[3]) + (CENTURY if int(found[3]) < 100 else 0)
            return date(year, _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    except ValueError:
        return Fault("date-impossible", "There is no such day.", "Correct the date.")
    if not value or value == "00:00:00":
        return Fault("date-missing", "There is no date.", "Give the day of payment, as 2021-04-01.")
    return Fault("date-unreadable", "The date is in no form that we read.", "Write it as 2021-04-01 or 01/04/2021.")


def month_comes_first(values: list[str]) -> bool:
    """Whether a file writes months before days: some second number exceeds 12, and no first one does."""
    pairs = [(int(f[1]), int(f[2])) for value in values if (f := _SLASHED.fullmatch(value.strip()))]
    twelve = 12
    return any(second > twelve for _, second in pairs) and not any(first > twelve for first, _ in pairs)


def midnight(on: date) -> datetime:
    """The instant at which a legal day begins in London, for a fact's `time`."""
    return datetime(on.year, on.month, on.day, tzinfo=LONDON)
