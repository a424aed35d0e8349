"""Whom is nobody outside the organisation to know? What persons decided last."""

from msgspec import Struct

from eventlog.projector import Recorded
from schemas.spend import PayeeWithholdingDecided


class WithheldRow(Struct, frozen=True, kw_only=True, gc=False):
    """A payee whom nobody outside its organisation is, or was, to know."""

    payee_id: str
    withheld: bool
    """False once it was taken back."""
    reason: str


def project_withheld(_row: WithheldRow | None, fact: PayeeWithholdingDecided, _recorded: Recorded) -> WithheldRow:
    """What was decided last stands."""
    return WithheldRow(payee_id=fact.payee_id, withheld=fact.decision == "withheld", reason=fact.reason)
