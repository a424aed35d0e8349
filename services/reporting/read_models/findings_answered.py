"""What did persons say of what is to be explained? What was said last stands."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from eventlog.projector import Recorded
from schemas.spend import DuplicateRecovered, FindingAnswered, FindingAssigned


class FindingRow(Struct, frozen=True, kw_only=True, gc=False):
    """A finding of which somebody said something."""

    finding_id: str
    code: str
    cause: str
    cause_id: str
    answer: str | None = None
    reason: str | None = None
    until: date | None = None
    answered_on: date | None = None
    owner: str | None = None
    due_on: date | None = None
    recovered_pence: int = 0
    recovered_on: date | None = None
    recovered_how: str | None = None
    recovered_reference: str | None = None


def project_finding(
    row: FindingRow | None, fact: FindingAnswered | FindingAssigned | DuplicateRecovered, recorded: Recorded
) -> FindingRow:
    """Each of the three leaves what the others said as it is."""
    known = row or FindingRow(finding_id=fact.finding_id, code=fact.code, cause=fact.cause, cause_id=fact.cause_id)
    match fact:
        case FindingAssigned():
            return replace(known, owner=fact.owner, due_on=fact.due_on)
        case DuplicateRecovered():
            return replace(
                known,
                recovered_pence=fact.recovered_pence,
                recovered_on=fact.recovered_on if fact.recovered_pence else None,
                recovered_how=fact.how if fact.recovered_pence else None,
                recovered_reference=fact.reference if fact.recovered_pence else None,
            )
        case FindingAnswered(answer="withdrawn"):
            return replace(known, answer=None, reason=None, until=None, answered_on=None)
    return replace(
        known, answer=fact.answer, reason=fact.reason, until=fact.until, answered_on=recorded.recorded_at.date()
    )
