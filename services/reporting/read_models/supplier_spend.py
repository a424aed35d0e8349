"""Which supplier on the register is behind a name that was paid?"""

from msgspec import Struct

from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from schemas.spend import SupplierMatched, SupplierUnmatched


class PayeeRow(Struct, frozen=True, kw_only=True, gc=False):
    """A name that was paid, and the supplier it is known to be."""

    payee_id: str
    name: str
    supplier_id: str | None
    """None once it is no longer known."""
    basis: str | None


def project(_row: PayeeRow | None, fact: SupplierMatched | SupplierUnmatched, _recorded: Recorded) -> PayeeRow:
    """What was said last stands."""
    if isinstance(fact, SupplierUnmatched):
        return PayeeRow(payee_id=fact.payee_id, name=fact.supplier_name, supplier_id=None, basis=None)
    return PayeeRow(
        payee_id=fact.payee_id,
        name=fact.supplier_name,
        supplier_id=fact.supplier_id,
        basis=fact.basis,
    )


supplier_spend = HistoryProjection(
    name="supplier_spend",
    version=2,
    topics=("spend.events",),
    tables=(
        Table(
            name="payee",
            row=PayeeRow,
            key="payee_id",
            facts=(SupplierMatched, SupplierUnmatched),
            key_of=lambda fact: fact.payee_id,
            project=project,
            own_stream=True,
            indexes=("supplier_id",),
        ),
    ),
)
