"""Which supplier on the register is behind a name that was paid?"""

from dataclasses import dataclass

from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from schemas.spend import SupplierMatched


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeRow:
    """A name that was paid, and the supplier it is known to be."""

    payee_id: str
    name: str
    supplier_id: str
    basis: str


def project(_row: PayeeRow | None, fact: SupplierMatched, _recorded: Recorded) -> PayeeRow:
    """The latest match stands."""
    return PayeeRow(
        payee_id=fact.payee_id,
        name=fact.supplier_name,
        supplier_id=fact.supplier_id,
        basis=fact.basis,
    )


supplier_spend = HistoryProjection(
    name="supplier_spend",
    version=1,
    topics=("spend.events",),
    tables=(
        Table(
            name="payee",
            row=PayeeRow,
            key="payee_id",
            facts=(SupplierMatched,),
            key_of=lambda fact: fact.payee_id,
            project=project,
            own_stream=True,
            indexes=("supplier_id",),
        ),
    ),
)
