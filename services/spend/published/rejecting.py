"""What is kept of rows that could not be put on the record?"""

from collections.abc import Sequence

from eventlog.clock import now
from eventlog.store import Draft
from schemas.fact import Fact
from schemas.spend import RejectedRowKept, RowRejected
from services.spend.published.rows import Reject


def rejections(file_id: str, header: tuple[str, ...], rejects: Sequence[Reject], version: int) -> list[Draft]:
    """The facts of rejected rows, behind a version of their file's stream."""
    at = now()
    facts = [fact for reject in rejects for fact in _facts(file_id, header, reject)]
    return [
        Draft(stream=f"file/{file_id}", version=place, fact=fact, happened_at=at)
        for place, fact in enumerate(facts, version + 1)
    ]


def _facts(file_id: str, header: tuple[str, ...], reject: Reject) -> list[Fact]:
    rejected = RowRejected(
        file_id=file_id,
        line=reject.line,
        field=reject.field,
        value=reject.value[:500],
        code=reject.fault.code,
        reason=reject.fault.reason,
        remedy=reject.fault.remedy,
        net_pence=reject.net_pence,
    )
    if not reject.cells:
        return [rejected]
    return [rejected, RejectedRowKept(file_id=file_id, line=reject.line, header=header, cells=reject.cells)]
