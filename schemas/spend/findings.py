"""What persons say of findings: questions about contract spend that rules ask."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.fact import Fact

FindingCause = Literal["contract", "supplier"]
FindingAnswer = Literal["explained", "accepted", "dismissed", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAnswered(Fact, personal=("reason",)):
    """A person answered what was to be explained, settled another person's explanation, or took an answer back."""

    finding_id: str
    """A digest of rule, cause and its id."""
    code: str
    """The rule, as `after_end`."""
    cause: FindingCause
    cause_id: str
    """A contract's id, or a supplier's or payee's."""
    answer: FindingAnswer
    """explained: by one person. accepted: another finds it enough. dismissed: another finds that nothing was to be
    explained. withdrawn: as if it had never been answered."""
    reason: str
    until: date | None
    """The last day on which the answer stands; null for as long as nobody takes it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAssigned(Fact, personal=("owner",)):
    """Somebody is to explain a finding, by a day; what was said last stands."""

    finding_id: str
    code: str
    cause: FindingCause
    cause_id: str
    owner: str | None
    """Whoever it is given to, in the council's own words; null for nobody."""
    due_on: date | None
