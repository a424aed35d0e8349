"""On which contracts a person says that a payment was made, whole or in shares."""

from typing import Literal

from schemas.fact import Fact


class PaymentAllocated(Fact, personal=("reason",)):
    """A person decided that a payment, or a share of it, was made under a contract: it goes before what is judged.

    One fact for each share; shares that are decided together come to the whole payment. A payment whose amount is stated
    otherwise later is wholly on the contract of its largest share, until it is decided anew.
    """

    payment_id: str
    contract_id: str
    decision: Literal["decided", "withdrawn"]
    """withdrawn: this contract has no share any more; without any share the judgement stands again."""
    place: int
    """1 is the largest share."""
    share_pence: int
    """Of the net amount; what it was, where it is withdrawn."""
    of_pence: int
    """The net amount of the whole payment, as it was when this was decided."""
    reason: str
