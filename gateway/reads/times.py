"""Of which days does an answer speak, and as it was known when? The two times of every answer."""

from dataclasses import dataclass
from datetime import date, datetime

from eventlog.clock import now
from schemas.legal_days import legal_day


@dataclass(frozen=True, slots=True)
class Times:
    """What is cut off: what was learnt later, and what was paid later."""

    known_at: datetime | None = None
    """An instant; None for the present."""
    as_of: date | None = None
    """The last day whose payments count; None for all."""

    @property
    def today(self) -> date:
        """The legal day on which the answer is given: that of the instant that is asked about."""
        return legal_day(self.known_at or now())


NOW = Times()
"""All that is known."""
