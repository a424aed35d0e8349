"""What did a contract bear so far?"""

from gateway.burn import Burn
from gateway.policy import Viewer
from gateway.reads.duties import paid_between
from gateway.reads.filters import PaymentFilter
from gateway.reads.payments import payment_totals
from gateway.reads.shapes import Contract
from gateway.reads.sql import Database
from gateway.reads.times import NOW, Times


async def burn_of(db: Database, viewer: Viewer, contract: Contract, *, times: Times = NOW) -> Burn:
    """A contract's burn, of the payments that the viewer may see."""
    where = PaymentFilter(organisation=contract.organisation, contract_id=contract.contract_id)
    total = await payment_totals(db, viewer, where, times=times)
    first, last = await paid_between(db, viewer, contract.organisation, times=times) or (None, None)
    return Burn(
        payments=total.count, paid_pence=total.net_pence, value_pence=contract.value_pence,
        starts_on=contract.starts_on, ends_on=contract.ends_on, recorded_from=first, as_of=last,
    )  # fmt: skip
