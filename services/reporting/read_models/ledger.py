"""What does the organisation's own ledger say: orders, suppliers, whether pay runs agree, and what was published of it?"""

from datetime import date

from msgspec import Struct

from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from schemas.spend import PayRunReconciled, PurchaseOrderRaised, SupplierMasterStated
from services.reporting.read_models.publications import TABLES as PUBLISHED


class OrderRow(Struct, frozen=True, kw_only=True, gc=False):
    """A purchase order as it was stated last."""

    purchase_order: str
    raised_on: date
    supplier_name: str
    supplier_code: str | None
    company_number: str | None
    contract_reference: str | None
    net_pence: int | None
    department: str
    description: str
    proclass_code: str | None


class PayRunRow(Struct, frozen=True, kw_only=True, gc=False):
    """A pay run as it was compared last."""

    pay_run: str
    stated_payments: int
    stated_pence: int
    found_payments: int
    found_pence: int
    agrees: bool


class MasterRow(Struct, frozen=True, kw_only=True, gc=False):
    """A supplier as the ledger stated it last."""

    supplier_code: str
    name: str
    trading_name: str | None
    company_number: str | None
    charity_number: str | None
    vat_number: str | None
    site_postcode: str | None
    postcode: str | None


def order(_row: OrderRow | None, fact: PurchaseOrderRaised, _recorded: Recorded) -> OrderRow:
    """What was stated last stands."""
    return OrderRow(
        purchase_order=fact.purchase_order,
        raised_on=fact.raised_on,
        supplier_name=fact.supplier_name,
        supplier_code=fact.supplier_code,
        company_number=fact.company_number,
        contract_reference=fact.contract_reference,
        net_pence=fact.net_pence,
        department=fact.department,
        description=fact.description,
        proclass_code=fact.proclass_code,
    )


def pay_run(_row: PayRunRow | None, fact: PayRunReconciled, _recorded: Recorded) -> PayRunRow:
    """What was found last stands."""
    return PayRunRow(
        pay_run=fact.pay_run,
        stated_payments=fact.stated_payments,
        stated_pence=fact.stated_pence,
        found_payments=fact.found_payments,
        found_pence=fact.found_pence,
        agrees=fact.agrees,
    )


def master(_row: MasterRow | None, fact: SupplierMasterStated, _recorded: Recorded) -> MasterRow:
    """What was stated last stands."""
    return MasterRow(
        supplier_code=fact.supplier_code,
        name=fact.name,
        trading_name=fact.trading_name,
        company_number=fact.company_number,
        charity_number=fact.charity_number,
        vat_number=fact.vat_number,
        site_postcode=fact.site_postcode,
        postcode=fact.postcode,
    )


ledger = HistoryProjection(
    name="ledger",
    version=4,
    topics=("spend.events",),
    tables=(
        Table(
            name="purchase_order",
            row=OrderRow,
            key="purchase_order",
            facts=(PurchaseOrderRaised,),
            key_of=lambda fact: fact.purchase_order,
            project=order,
            own_stream=True,
            indexes=("raised_on",),
        ),
        Table(
            name="pay_run",
            row=PayRunRow,
            key="pay_run",
            facts=(PayRunReconciled,),
            key_of=lambda fact: fact.pay_run,
            project=pay_run,
            own_stream=True,
        ),
        Table(
            name="supplier_master",
            row=MasterRow,
            key="supplier_code",
            facts=(SupplierMasterStated,),
            key_of=lambda fact: fact.supplier_code,
            project=master,
            own_stream=True,
        ),
        *PUBLISHED,
    ),
)
