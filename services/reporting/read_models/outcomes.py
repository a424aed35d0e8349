"""What social value was promised on each contract, what is claimed, and what was found true?"""

from datetime import date
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from eventlog.envelope import open_envelope
from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from schemas.social_value import CommitmentMade, OutcomeClaimed, OutcomeVerified
from services.reporting.read_models.order import begun


class CommitmentRow(Struct, frozen=True, kw_only=True, gc=False):
    """Social value promised on a contract; quantity in hundredths of the unit."""

    commitment_id: str
    contract_id: str
    measure: str
    unit: str
    quantity: int
    due_on: date


class ClaimRow(Struct, frozen=True, kw_only=True, gc=False):
    """What a supplier says it delivered, and what another organisation found."""

    claim_id: str
    commitment_id: str
    contract_id: str
    quantity: int
    delivered_on: date
    evidence_digest: str
    claimed_by: str  # the organisation that claims
    verified_quantity: int | None = None
    verdict: str | None = None
    verified_by: str | None = None  # the organisation that found it true


def project_commitment(_row: CommitmentRow | None, fact: CommitmentMade, _recorded: Recorded) -> CommitmentRow:
    """A commitment is made once."""
    return CommitmentRow(
        commitment_id=fact.commitment_id,
        contract_id=fact.contract_id,
        measure=fact.measure,
        unit=fact.unit,
        quantity=fact.quantity,
        due_on=fact.due_on,
    )


def project_claim(row: ClaimRow | None, fact: OutcomeClaimed | OutcomeVerified, recorded: Recorded) -> ClaimRow:
    """A claim, then the finding on it; who acted stands in the envelope."""
    by = open_envelope(recorded.envelope).actororganisation
    match fact:
        case OutcomeClaimed():
            return ClaimRow(
                claim_id=fact.claim_id,
                commitment_id=fact.commitment_id,
                contract_id=fact.contract_id,
                quantity=fact.quantity,
                delivered_on=fact.delivered_on,
                evidence_digest=fact.evidence_digest,
                claimed_by=by,
            )
        case OutcomeVerified():
            return replace(
                begun(row, fact),
                verified_quantity=fact.quantity,
                verdict=fact.verdict,
                verified_by=by,
            )
        case _:
            assert_never(fact)


outcomes = HistoryProjection(
    name="outcomes",
    version=1,
    topics=("social_value.events",),
    tables=(
        Table(
            name="commitment",
            row=CommitmentRow,
            key="commitment_id",
            facts=(CommitmentMade,),
            key_of=lambda fact: fact.commitment_id,
            project=project_commitment,
            own_stream=True,
            indexes=("contract_id",),
        ),
        Table(
            name="claim",
            row=ClaimRow,
            key="claim_id",
            facts=(OutcomeClaimed, OutcomeVerified),
            key_of=lambda fact: fact.claim_id,
            project=project_claim,
            own_stream=True,
            indexes=("commitment_id",),
        ),
    ),
)
