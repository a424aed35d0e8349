import dataclasses
from datetime import date
from typing import Any

from msgspec.structs import replace

from eventlog.testing import Specification
from schemas.social_value import CommitmentMade, OutcomeClaimed, OutcomeVerified
from services.social_value import domain
from services.social_value.domain import Attested, ClaimOutcome, MakeCommitment, Party, VerifyOutcome

PROVIDER = Party("provider", "GB-COH-00000001")
ASSESSOR = Party("assessor", "GB-COH-00000002")
COMMITMENT = CommitmentMade(
    commitment_id="M1",
    contract_id="C1",
    measure="NT1 Local people employed",
    unit="FTE-years",
    quantity=1_000,
    due_on=date(2027, 3, 31),
)
CLAIM = OutcomeClaimed(
    claim_id="K1",
    commitment_id="M1",
    contract_id="C1",
    quantity=400,
    delivered_on=date(2022, 5, 1),
    evidence_digest="ab" * 32,
)
CLAIMED = Attested(fact=CLAIM, by=PROVIDER)

commitments = Specification(domain.commitments)
claims = Specification(domain.claims)


def claim(**changes: Any) -> ClaimOutcome:
    valid = ClaimOutcome(claim=CLAIM, commitment=COMMITMENT, by=PROVIDER, today=date(2022, 5, 1))
    return dataclasses.replace(valid, **changes)


def verify(quantity: int = 400, by: Party = ASSESSOR) -> VerifyOutcome:
    return VerifyOutcome(claim_id="K1", quantity=quantity, by=by)


def verified(quantity: int, by: Party = ASSESSOR) -> Attested:
    fact = OutcomeVerified(
        claim_id="K1",
        commitment_id="M1",
        contract_id="C1",
        quantity=quantity,
        verdict="full" if quantity == 400 else "partial",
    )
    return Attested(fact=fact, by=by)


def test_a_commitment_is_made_once() -> None:
    commitments.when(MakeCommitment(commitment=COMMITMENT)).then(COMMITMENT)
    commitments.given(COMMITMENT).when(MakeCommitment(commitment=COMMITMENT)).then()


def test_a_commitment_cannot_be_said_otherwise() -> None:
    other = MakeCommitment(commitment=replace(COMMITMENT, quantity=1))
    commitments.given(COMMITMENT).when(other).then_refused(domain.CommitmentSaysOtherwise)


def test_a_claim_follows_a_commitment() -> None:
    claims.when(claim()).then(CLAIMED)
    claims.given(CLAIMED).when(claim()).then()
    claims.when(claim(commitment=None)).then_refused(domain.UnknownCommitment)


def test_what_is_delivered_tomorrow_cannot_be_claimed_today() -> None:
    claims.when(claim(today=date(2022, 4, 30))).then_refused(domain.DeliveredInTheFuture)


def test_a_claim_cannot_be_said_otherwise() -> None:
    other = claim(claim=replace(CLAIM, quantity=401))
    claims.given(CLAIMED).when(other).then_refused(domain.ClaimSaysOtherwise)


def test_another_person_of_another_organisation_verifies_in_full_or_in_part() -> None:
    claims.given(CLAIMED).when(verify()).then(verified(400))
    claims.given(CLAIMED).when(verify(399)).then(verified(399))


def test_what_was_not_claimed_cannot_be_verified() -> None:
    claims.when(verify()).then_refused(domain.UnknownClaim)
    claims.given(CLAIMED).when(verify(401)).then_refused(domain.VerifiedBeyondClaim)


def test_two_accounts_of_one_person_are_one_person() -> None:
    elsewhere = Party("provider", "GB-COH-00000002")
    claims.given(CLAIMED).when(verify(by=elsewhere)).then_refused(domain.VerifiedByClaimant)


def test_two_persons_of_one_organisation_cannot_verify_each_other() -> None:
    colleague = Party("colleague", PROVIDER.organisation)
    claims.given(CLAIMED).when(verify(by=colleague)).then_refused(domain.VerifiedByClaimantsOrganisation)


def test_a_machine_cannot_verify_not_even_what_a_machine_claimed() -> None:
    machine = Party(None, ASSESSOR.organisation)
    claims.given(CLAIMED).when(verify(by=machine)).then_refused(domain.VerifiedByMachine)
    by_machine = Attested(fact=CLAIM, by=Party(None, PROVIDER.organisation))
    claims.given(by_machine).when(verify(by=machine)).then_refused(domain.VerifiedByMachine)
    claims.given(by_machine).when(verify()).then(verified(400))


def test_a_claim_is_verified_once() -> None:
    done = claims.given(CLAIMED, verified(300))
    done.when(verify(300)).then()
    done.when(verify(400)).then_refused(domain.AlreadyVerified)
    done.when(verify(300, Party("second", ASSESSOR.organisation))).then_refused(domain.AlreadyVerified)
