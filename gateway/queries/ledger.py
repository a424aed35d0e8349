"""What an organisation's ledger says, as its own people see it."""

from typing import Annotated

import strawberry

from gateway.asking import Info
from gateway.connections import After, AsOf, Connection, First, KnownAt, TotalledConnection, from_row, page, parts
from gateway.queries.evidence import EVIDENCE, Event, evidence
from gateway.reads import ledger, models
from gateway.reads.times import Times
from gateway.scalars import Day, Instant, Pence

Whose = Annotated[
    str | None,
    strawberry.argument(description="Of this organisation, as GB-LAE-SLF; of all that you may see, when absent."),
]


@strawberry.type(description="A purchase order as the ledger stated it last, and what was paid under it.")
class PurchaseOrder:
    organisation: str = strawberry.field(description="Whose it is, as GB-LAE-SLF.")
    purchase_order: str = strawberry.field(description="Its number, as payments carry it.")
    raised_on: Day = strawberry.field(description="The day on which it was raised.")
    supplier_name: str = strawberry.field(description="With whom it was placed.")
    supplier_code: str | None = strawberry.field(description="The ledger's own code of the supplier.")
    company_number: str | None = strawberry.field(description="The supplier's company number, when it is stated.")
    contract_reference: str | None = strawberry.field(description="The contract under which it was raised.")
    net_pence: Pence | None = strawberry.field(description="What was ordered, without VAT; null when it is not stated.")
    department: str = strawberry.field(description="Who ordered.")
    description: str = strawberry.field(description="What was ordered.")
    proclass_code: str | None = strawberry.field(description="The same in ProClass 17, when it is stated.")
    payment_count: int = strawberry.field(description="Payments that name it.")
    paid_pence: Pence = strawberry.field(description="What they add up to.")
    known_from: Instant = strawberry.field(description="Since when it has been known like this.")
    times: strawberry.Private[Times]

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        streams = [("spend", f"purchase-order/{self.purchase_order}")]
        return await evidence(info, self.organisation, streams, first, after, self.times)


@strawberry.type(description="A pay run's control total, compared with what stood on record of it.")
class PayRun:
    organisation: str = strawberry.field(description="Whose it is, as GB-LAE-SLF.")
    pay_run: str = strawberry.field(description="Its name in the ledger.")
    stated_payments: int = strawberry.field(description="How many payments the ledger states.")
    stated_pence: Pence = strawberry.field(description="What it states that they come to.")
    found_payments: int = strawberry.field(description="How many stood on record.")
    found_pence: Pence = strawberry.field(description="What those come to.")
    agrees: bool = strawberry.field(description="Whether both do.")
    known_from: Instant = strawberry.field(description="When they were compared.")
    times: strawberry.Private[Times]

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        return await evidence(info, self.organisation, [("spend", f"pay-run/{self.pay_run}")], first, after, self.times)


@strawberry.type(description="A supplier of the ledger's master data, as it was stated last.")
class StatedSupplier:
    organisation: str = strawberry.field(description="Whose ledger, as GB-LAE-SLF.")
    supplier_code: str = strawberry.field(description="The ledger's own code.")
    name: str = strawberry.field(description="Its name.")
    trading_name: str | None = strawberry.field(description="The name under which it trades.")
    company_number: str | None = strawberry.field(description="Its company number, when it is stated.")
    charity_number: str | None = strawberry.field(description="Its charity number, when it is stated.")
    vat_number: str | None = strawberry.field(description="Its VAT number, when it is stated.")
    postcode: str | None = strawberry.field(
        description="That of the address to which remittances go, when it is stated."
    )
    site_postcode: str | None = strawberry.field(
        description="That of the place from which it trades, when it is stated."
    )
    known_from: Instant = strawberry.field(description="Since when it has been known like this.")


PurchaseOrders = TotalledConnection[PurchaseOrder]
PayRuns = TotalledConnection[PayRun]
StatedSuppliers = TotalledConnection[StatedSupplier]


async def purchase_orders(
    info: Info,
    organisation: Whose = None,
    first: First = 20,
    after: After = None,
    as_known_at: KnownAt = None,
    as_of: AsOf = None,
) -> TotalledConnection[PurchaseOrder] | None:
    """Resolve `purchaseOrders`."""
    times = Times(as_known_at, as_of)
    asking = info.context
    found = await ledger.purchase_orders(asking.db, asking.viewer, organisation, page=page(first, after), times=times)
    nodes = [from_row(PurchaseOrder, row, payment_count=row.payments, times=times) for row in found.items]
    return PurchaseOrders(
        **parts(found, nodes, after),
        ask_totals=lambda: ledger.purchase_order_totals(asking.db, asking.viewer, organisation, times=times),
        ask_incomplete=lambda: asking.incomplete(models.LEDGER, organisation),
    )


async def pay_runs(
    info: Info, organisation: Whose = None, first: First = 20, after: After = None, as_known_at: KnownAt = None
) -> TotalledConnection[PayRun] | None:
    """Resolve `payRuns`."""
    times = Times(as_known_at)
    asking = info.context
    found = await ledger.pay_runs(asking.db, asking.viewer, organisation, page=page(first, after), times=times)
    return PayRuns(
        **parts(found, [from_row(PayRun, row, times=times) for row in found.items], after),
        ask_totals=lambda: ledger.pay_run_totals(asking.db, asking.viewer, organisation, times=times),
        ask_incomplete=lambda: asking.incomplete(models.LEDGER, organisation),
    )


async def stated_suppliers(
    info: Info, organisation: Whose = None, first: First = 20, after: After = None, as_known_at: KnownAt = None
) -> TotalledConnection[StatedSupplier] | None:
    """Resolve `statedSuppliers`."""
    times = Times(as_known_at)
    asking = info.context
    found = await ledger.stated_suppliers(asking.db, asking.viewer, organisation, page=page(first, after), times=times)
    return StatedSuppliers(
        **parts(found, [from_row(StatedSupplier, row) for row in found.items], after),
        ask_totals=lambda: ledger.stated_supplier_totals(asking.db, asking.viewer, organisation, times=times),
        ask_incomplete=lambda: asking.incomplete(models.LEDGER, organisation),
    )
