"""How far is a contract used up, beside how far its term has run? Pure.

Spending is on record from some day on, and up to some day; what was paid before is not seen, and what comes after is not
known. So the burn is as of the last day on which anything was paid, and says whether the term began before the record.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """What a contract bore so far."""

    payments: int
    paid_pence: int
    value_pence: int | None
    starts_on: date | None
    ends_on: date | None
    recorded_from: date | None
    """The first day on which anything of the organisation was paid; None where nothing is on record."""
    as_of: date | None
    """The last such day."""

    @property
    def remaining_pence(self) -> int | None:
        """What is left of the stated value; below zero where more was paid."""
        return None if self.value_pence is None else self.value_pence - self.paid_pence

    @property
    def paid_tenths(self) -> int | None:
        """What was paid, in tenths of a per cent of the stated value, rounded down; None without a value."""
        return 1_000 * self.paid_pence // self.value_pence if self.value_pence else None

    @property
    def elapsed_tenths(self) -> int | None:
        """How much of the term has run, in tenths of a per cent of its days, rounded down; None where it is not known."""
        if self.starts_on is None or self.ends_on is None or self.as_of is None:
            return None
        days = (self.ends_on - self.starts_on).days + 1
        gone = min(max((self.as_of - self.starts_on).days + 1, 0), days)
        return 1_000 * gone // days

    @property
    def began_before_record(self) -> bool:
        """Whether payments of its first days cannot be seen here."""
        return self.starts_on is not None and self.recorded_from is not None and self.starts_on < self.recorded_from


def per_cent(tenths: int | None) -> str | None:
    """`12.3`, of tenths of a per cent."""
    return None if tenths is None else f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"
