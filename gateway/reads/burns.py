"""What did a contract bear so far?"""

from datetime import datetime

from gateway.burn import Burn
from gateway.policy import Viewer
from gateway.reads.duties import paid_between
from gateway.reads.filters import PaymentFilter
from gateway.reads.payments import payment_totals
from gateway.reads.shapes import Contract
from gateway.reads.sql import Database


async def burn_of(db: Database, viewer: Viewer, contract: Contract, *, known_at: datetime | None = None) -> Burn:
    """A contract's burn, of the payments that the viewer may see."""
    where = PaymentFilter(organisation=contract.organisation, contract_id=contract.contract_id)
    total = await payment_totals(db, viewer, where, known_at=known_at)
    first, last = await paid_between(db, viewer, contract.organisation, known_at=known_at) or (None, None)
    return Burn(
        payments=total.count, paid_pence=total.net_pence, value_pence=contract.value_pence,
        starts_on=contract.starts_on, ends_on=contract.ends_on, recorded_from=first, as_of=last,
    )  # fmt: skip
