"""When may a promise be made, a delivery claimed, and a claim found true? Pure.

Who did it matters here, so a state is made of facts together with the person and the organisation
that stood behind each.
"""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from eventlog.decider import Decider
from eventlog.errors import Refused
from schemas.social_value import CommitmentMade, OutcomeClaimed, OutcomeVerified


@dataclass(frozen=True, slots=True)
class Party:
    """Who stands behind a fact; the person is None for a machine."""

    person: str | None
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCommitment:
    """Put a supplier's promise on the record."""

    commitment: CommitmentMade


class CommitmentSaysOtherwise(Refused):
    """A commitment is made once; the same request with other content is another request."""

    code = "idempotency-key-reused"
    remedy = "Send a fresh Idempotency-Key with a new request."


def decide_commitment(command: MakeCommitment, made: CommitmentMade | None) -> list[CommitmentMade]:
    """Make it once."""
    if made is None:
        return [command.commitment]
    if made != command.commitment:
        raise CommitmentSaysOtherwise("This commitment is on record, and says something else.")
    return []


def evolve_commitment(_made: CommitmentMade | None, fact: CommitmentMade) -> CommitmentMade | None:
    """A commitment is its one fact."""
    return fact


commitments: Decider[MakeCommitment, CommitmentMade | None, CommitmentMade] = Decider(
    decide_commitment, evolve_commitment, None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """A fact of a claim, and who stands behind it."""

    fact: OutcomeClaimed | OutcomeVerified
    by: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOutcome:
    """Say that part of a commitment was delivered."""

    claim: OutcomeClaimed
    commitment: CommitmentMade | None
    by: Party
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOutcome:
    """Say that a claim was found to be true, for this much of it."""

    claim_id: str
    quantity: int
    by: Party


ClaimCommand = ClaimOutcome | VerifyOutcome


@dataclass(frozen=True, slots=True)
class Claim:
    """All that decide() must remember of one claim."""

    claimed: OutcomeClaimed | None = None
    claimant: Party | None = None
    verified: Attested | None = None


class UnknownCommitment(Refused):
    """There is nothing that was promised."""

    code = "unknown-commitment"
    field = "commitment_id"
    remedy = "Name a commitment of that organisation by its commitment_id."


class DeliveredInTheFuture(Refused):
    """What is still to come was not delivered."""

    code = "delivered-in-the-future"
    field = "delivered_on"
    remedy = "Claim it once it has been delivered."


class ClaimSaysOtherwise(Refused):
    """A claim is made once; the same request with other content is another request."""

    code = "idempotency-key-reused"
    remedy = "Send a fresh Idempotency-Key with a new request."


class UnknownClaim(Refused):
    """There is nothing that was claimed."""

    code = "unknown-claim"
    field = "claim_id"
    remedy = "Name a claim on that organisation's record by its claim_id."


class VerifiedByMachine(Refused):
    """Only a person can find a claim true."""

    code = "verifier-is-a-machine"
    remedy = "Let a person verify it, with an account of their own."


class VerifiedByClaimant(Refused):
    """Nobody verifies what they claimed themselves, under whatever account."""

    code = "verifier-is-the-claimant"
    remedy = "Let another person verify it."


class VerifiedByClaimantsOrganisation(Refused):
    """Colleagues do not verify each other's claims."""

    code = "verifier-of-the-same-organisation"
    remedy = "Let a person of another organisation verify it."


class VerifiedBeyondClaim(Refused):
    """No more can be found true than was claimed."""

    code = "more-than-claimed"
    field = "quantity"
    remedy = "Verify at most the quantity that was claimed."


class AlreadyVerified(Refused):
    """A claim is verified once."""

    code = "already-verified"


def decide_claim(command: ClaimCommand, claim: Claim) -> list[Attested]:
    """A claim follows a commitment; a verification follows a claim, by somebody else."""
    match command:
        case ClaimOutcome():
            return _claim(command, claim)
        case VerifyOutcome():
            return _verify(command, claim)
        case _:
            assert_never(command)


def _claim(command: ClaimOutcome, claim: Claim) -> list[Attested]:
    if command.commitment is None:
        raise UnknownCommitment(f"No commitment {command.claim.commitment_id} is on that record.")
    if command.claim.delivered_on > command.today:
        raise DeliveredInTheFuture(f"{command.claim.delivered_on} is still to come.")
    if claim.claimed is None:
        return [Attested(fact=command.claim, by=command.by)]
    if claim.claimed != command.claim:
        raise ClaimSaysOtherwise("This claim is on record, and says something else.")
    return []


def _verify(command: VerifyOutcome, claim: Claim) -> list[Attested]:
    claimed, claimant = claim.claimed, claim.claimant
    if claimed is None or claimant is None:
        raise UnknownClaim(f"No claim {command.claim_id} is on that record.")
    if command.by.person is None:
        raise VerifiedByMachine("A machine cannot verify a claim.")
    if command.by.person == claimant.person:
        raise VerifiedByClaimant("Whoever made a claim cannot verify it, under any account.")
    if command.by.organisation == claimant.organisation:
        raise VerifiedByClaimantsOrganisation("The claim was made for the same organisation.")
    if command.quantity > claimed.quantity:
        raise VerifiedBeyondClaim(
            f"{command.quantity} hundredths is more than the {claimed.quantity} that were claimed."
        )
    verified = OutcomeVerified(
        claim_id=claimed.claim_id,
        commitment_id=claimed.commitment_id,
        contract_id=claimed.contract_id,
        quantity=command.quantity,
        verdict="full" if command.quantity == claimed.quantity else "partial",
    )
    attested = Attested(fact=verified, by=command.by)
    if claim.verified is None:
        return [attested]
    if claim.verified != attested:
        raise AlreadyVerified("This claim has been verified, by someone else or for another quantity.")
    return []


def evolve_claim(claim: Claim, attested: Attested) -> Claim:
    """A claim, then perhaps its verification."""
    match attested.fact:
        case OutcomeClaimed():
            return Claim(attested.fact, attested.by)
        case OutcomeVerified():
            return Claim(claim.claimed, claim.claimant, attested)
        case _:
            assert_never(attested.fact)


claims: Decider[ClaimCommand, Claim, Attested] = Decider(decide_claim, evolve_claim, Claim())
