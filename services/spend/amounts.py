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
SHORTEST_PLAIN, LONGEST_PLAIN = 4, 14  # characters of eleven digits of pounds, a point and two of pence
_PLAIN = re.compile(r"-?[0-9]{1,11}(?:\.[0-9]{1,2})?")
LONDON = ZoneInfo("Europe/London")
MONTHS_A_YEAR = 12
CENTURY = 2000  # two-digit years: no council published spending before 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value cannot be read, and what to do about it."""

    code: str
    reason: str
    remedy: str


def pence(text: str) -> int | Fault:
    """Pence of an amount as councils print it (`doors.amounts`); nothing is rounded."""
    digits = text[:-3] + text[-2:]
    if text[-3:-2] == "." and SHORTEST_PLAIN <= len(text) <= LONGEST_PLAIN and digits.isascii() and digits.isdecimal():
        return int(digits)  # nine in ten amounts, at a tenth of the cost
    if _PLAIN.fullmatch(text):
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


@dataclass(slots=True)
class Dates:
    """What a file's dates say of the order of days and months; two numbers with `/`, `.` or `-` between them tell."""

    first_over_12: bool = False
    second_over_12: bool = False
    doubtful: bool = False
    """Whether any date is written so."""

    def look(self, text: str) -> None:
        """Take one date as evidence."""
        if found := _SLASHED.fullmatch(text.strip()):
            self.doubtful = True
            self.first_over_12 |= int(found[1]) > MONTHS_A_YEAR
            self.second_over_12 |= int(found[2]) > MONTHS_A_YEAR

    @property
    def month_first(self) -> bool:
        """Whether the file writes months before days: some second number exceeds 12, and no first one does."""
        return self.second_over_12 and not self.first_over_12

    @property
    def because(self) -> str:
        """Why."""
        if self.month_first:
            return "months come first: some second number is over 12, and no first one"
        if self.first_over_12 and not self.second_over_12:
            return "days come first: some first number is over 12, and no second one"
        if self.doubtful:
            return "days come first, as in the United Kingdom: no number says otherwise"
        return "days are written without doubt"


def midnight(on: date) -> datetime:
    """The instant at which a legal day begins in London, for a fact's `time`."""
    return datetime(on.year, on.month, on.day, tzinfo=LONDON)
