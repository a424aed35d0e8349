"""What the social value service publishes: what suppliers promised, claim and are found to have done."""

from datetime import date
from typing import Literal

from schemas.fact import Fact


class CommitmentMade(Fact):
    """A supplier committed itself to social value on a contract."""

    commitment_id: str
    contract_id: str
    measure: str
    """Code and name of the measure in the organisation's own set."""
    unit: str
    """What the quantity counts: hours, weeks, FTE-years, pence."""
    quantity: int
    """In hundredths of the unit."""
    due_on: date


class OutcomeClaimed(Fact):
    """A supplier claims to have delivered part of a commitment."""

    claim_id: str
    commitment_id: str
    contract_id: str
    quantity: int
    """In hundredths of the commitment's unit."""
    delivered_on: date
    evidence_digest: str
    """SHA-256 of the evidence document, in hexadecimal."""


class OutcomeVerified(Fact):
    """Another person of another organisation found a claim to be true, in full or in part."""

    claim_id: str
    commitment_id: str
    contract_id: str
    quantity: int
    """Verified, in hundredths of the commitment's unit; at most what was claimed."""
    verdict: Literal["full", "partial"]
