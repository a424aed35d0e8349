"""What do a file's rows come to, and do they come to the totals that its publisher states? Kept row by row."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

TOTAL = re.compile(
    r"(grand|sub|overall|report)?[\s-]*totals?(\s*(net|amount|spend|spending|payments?|value|£|for .*|\(.*\)))*\s*:?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Control:
    """The publisher's own total of the rows above it: no payment. It agrees, or the file is not what was published."""

    line: int
    stated_pence: int
    found_pence: int
    unreadable_rows: int
    """Rows above it whose amount could not be read, and is in no total."""

    @property
    def agrees(self) -> bool:
        """Whether the rows above come to what is stated, all of them being readable."""
        return self.stated_pence == self.found_pence and not self.unreadable_rows


def is_total(others: Sequence[str]) -> bool:
    """Whether what stands in a line beside its amounts makes it a total: nothing, or the word itself and nothing else."""
    return len(others) <= 1 and all(map(TOTAL.fullmatch, others))


@dataclass(slots=True)
class Sums:
    """What some rows come to."""

    pence: int = 0
    unreadable: int = 0


@dataclass(slots=True)
class Tally:
    """How many rows of a file could be read and how many could not, and their net pence."""

    accepted_rows: int = 0
    accepted_pence: int = 0
    rejected_rows: int = 0
    rejected_pence: int = 0
    unreadable_rows: int = 0
    """Rejected rows whose amount could not be read: it is in no total."""
    blank_rows: int = 0
    """Rows in which every cell is empty: a spreadsheet's, and no rows of the publisher's."""
    days: Counter[date] = field(default_factory=Counter)
    """By day of payment, how many rows could be read."""
    reasons: Counter[str] = field(default_factory=Counter)
    """By code, how many rows could not."""
    reasons_pence: Counter[str] = field(default_factory=Counter)
    controls: list[Control] = field(default_factory=list)
    _before: Sums = field(default_factory=Sums)
    """What stands above the last control total."""

    def accept(self, paid_on: date, net_pence: int) -> None:
        """Count a row that could be read."""
        self.accepted_rows += 1
        self.accepted_pence += net_pence
        self.days[paid_on] += 1

    def reject(self, code: str, net_pence: int | None) -> None:
        """Count a row that could not."""
        self.rejected_rows += 1
        self.reasons[code] += 1
        if net_pence is None:
            self.unreadable_rows += 1
        else:
            self.rejected_pence += net_pence
            self.reasons_pence[code] += net_pence

    def control(self, line: int, stated_pence: int) -> Control:
        """Note a publisher's total: of all rows above it, or of those since the total before."""
        above = Sums(self.accepted_pence + self.rejected_pence, self.unreadable_rows)
        since = Sums(above.pence - self._before.pence, above.unreadable - self._before.unreadable)
        found = [Control(line, stated_pence, sums.pence, sums.unreadable) for sums in (above, since)]
        self.controls.append(next((control for control in found if control.agrees), found[0]))
        self._before = above
        return self.controls[-1]

    def hold(self, code: str) -> None:
        """Count every row that could be read as rejected instead."""
        self.rejected_rows += self.accepted_rows
        self.rejected_pence += self.accepted_pence
        self.reasons[code] += self.accepted_rows
        self.reasons_pence[code] += self.accepted_pence
        self.accepted_rows = self.accepted_pence = 0

    @property
    def failing(self) -> Control | None:
        """The first of the publisher's totals that the rows contradict."""
        return next((control for control in self.controls if not control.agrees), None)

    @property
    def period(self) -> str:
        """The published period: the month of most of its payments, as `2021-04`."""
        months = self._months()
        return max(months, key=lambda month: (months[month], month)) if months else "unknown"

    @property
    def late_rows(self) -> int:
        """Payments of a month before the published period: they come late, and count in this period's file."""
        period = self.period
        return sum(rows for month, rows in self._months().items() if month < period) if self.accepted_rows else 0

    def _months(self) -> Counter[str]:
        months = Counter[str]()
        for day, rows in self.days.items():
            months[f"{day:%Y-%m}"] += rows
        return months
