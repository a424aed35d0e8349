"""On which contract is a payment by its purchase order, the strongest evidence that there is? Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from services.spend.domain import KnownSupplier
from services.spend.judgement.contract import Judgement, KnownContract, Paid, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrder:
    """A purchase order, and the contracts on the register that bear the reference which it names."""

    purchase_order: str
    contracts: tuple[KnownContract, ...]
    suppliers: Mapping[str, str]
    """By contract id whose it is, where the register says so."""


def judge_by_order(
    payment_id: str, paid_on: date, supplier: KnownSupplier | None, order: KnownOrder | None
) -> Judgement | None:
    """Judged among the contracts that its order names, whoever the payee is thought to be; None where it names none.

    A payee who is known for certain to be another supplier than the contracts' contradicts the order: then no
    contract is certain.
    """
    if order is None or not order.contracts:
        return None
    known = supplier.supplier_id if supplier else None
    owners = set(order.suppliers.values()) | ({known} if known else set())
    paid = Paid(payment_id=payment_id, paid_on=paid_on, net_pence=0, contract_reference=order.contracts[0].reference)
    judged = judge(paid, owners.pop() if len(owners) == 1 else None, order.contracts)
    return replace(judged, purchase_order=order.purchase_order)
