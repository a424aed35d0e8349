"""Which day does a register mean? Days in the forms that councils print, and the day of a statement."""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
NO_DATE = {
    "", "-", "–", "X", "N/A", "NA", "TBC", "TBA", "TBD", "NONE", "UNKNOWN", "VARIOUS", "ROLLING",
    "ONGOING", "ON-GOING", "OPEN ENDED", "OPEN-ENDED", "NOT APPLICABLE", "NOT KNOWN",
}  # fmt: skip
"""What a register writes where there is no date."""

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: 00:00(?::00)?)?", re.ASCII)
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ -](\d{4}|\d{2})", re.ASCII | re.IGNORECASE)
_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name} | {
    name.lower(): i for i, name in enumerate(calendar.month_abbr) if name
}
_IN_NAME = re.compile(r"(?<!\d)(20\d{2})-(\d{2})(?:-(\d{2}))?(?!\d)", re.ASCII)
_CENTURY = 2000
_LATEST = 2200
_WHOLE_MONTHS = re.compile(r"(\d{1,4})(?:\.0+)?(?: months?)?", re.ASCII | re.IGNORECASE)


def published_day(text: str) -> date | None:
    """A day written as 2022-07-31, 31/07/2022, 31.7.22 or 31-Jul-22 (day first); None otherwise."""
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _BRITISH.fullmatch(text):
        return _day(_year(found[3]), int(found[2]), int(found[1]))
    if found := _WORDED.fullmatch(text):
        return _day(_year(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
    return None


def last_day(starts_on: date | None, duration: str) -> date | None:
    """The last day of a term of so many whole months; None where either is not stated so."""
    found = _WHOLE_MONTHS.fullmatch(duration)
    if starts_on is None or found is None or not int(found[1]):
        return None
    year, month = divmod(12 * starts_on.year + starts_on.month - 1 + int(found[1]), 12)
    if year >= _LATEST:
        return None
    day = min(starts_on.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=starts_on.day == day)


def _year(text: str) -> int:
    return int(text) + (_CENTURY if len(text) == 2 else 0)


def _day(year: int, month: int, day: int) -> date | None:
    """The day, where the calendar has it and a contract of our time could name it."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1900 <= year < _LATEST else None


def stated_on(file_name: str, given: date | None, today: date) -> date:
    """The day a register was stated: as given, else from its name (a month means its last day), else today."""
    if given is not None:
        return given
    found = _IN_NAME.search(file_name)
    if found is None:
        return today
    year, month = int(found[1]), int(found[2])
    if not 1 <= month <= 12:
        return today
    last = calendar.monthrange(year, month)[1]
    named = _day(year, month, int(found[3] or last))
    return named if named is not None and named <= today else today


def began(day: date) -> datetime:
    """The instant at which a day begins in Britain."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)
