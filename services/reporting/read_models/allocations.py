"""Which contracts bear which shares of a payment, as persons decided? One row for each share that stands or stood."""

from msgspec import Struct

from eventlog.projector import Recorded
from schemas.spend import PaymentAllocated


class AllocationRow(Struct, frozen=True, kw_only=True, gc=False):
    """What a contract bears of a payment; it counts while `of_pence` is what the payment comes to."""

    allocation_id: str  # payment and contract
    payment_id: str
    contract_id: str
    share_pence: int  # 0 where it was withdrawn
    of_pence: int
    reason: str


def allocation_id(fact: PaymentAllocated) -> str:
    """Which contract's share of which payment."""
    return f"{fact.payment_id}/{fact.contract_id}"


def project_allocation(_row: AllocationRow | None, fact: PaymentAllocated, _recorded: Recorded) -> AllocationRow:
    """What was decided last stands."""
    return AllocationRow(
        allocation_id=allocation_id(fact),
        payment_id=fact.payment_id,
        contract_id=fact.contract_id,
        share_pence=fact.share_pence if fact.decision == "decided" else 0,
        of_pence=fact.of_pence,
        reason=fact.reason,
    )
