"""What day is it where the law counts days, and which quarter is that? Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_WRITTEN = re.compile(r"(20\d{2})-Q([1-4])")


def legal_day(moment: datetime) -> date:
    """The day that it is then in England."""
    return moment.astimezone(LONDON).date()


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> Self:
        """As `2021-Q2`: April to June 2021. Raises ValueError."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no quarter: write it as 2021-Q2, which is April to June 2021")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def before(self) -> Self:
        """The quarter before it."""
        return type(self)(self.year - 1, 4) if self.number == 1 else type(self)(self.year, self.number - 1)

    def __str__(self) -> str:
        """As it is read."""
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return _last_of(self.year, 3 * self.number)

    @property
    def due_on(self) -> date:
        """The last day of the month after it (Local Government Transparency Code 2015, part 2)."""
        return _last_of(*((self.year + 1, 1) if self.number == 4 else (self.year, 3 * self.number + 1)))


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
