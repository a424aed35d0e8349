"""Suppliers, as partners see them."""

from typing import Annotated

import strawberry

from gateway import reads
from gateway.asking import Info, write_id
from gateway.connections import After, AsOf, Connection, First, KnownAt, Node, TotalledConnection, from_row, page, parts
from gateway.queries.choices import ContractOrder, Known, PaymentOrder, SupplierOrder, meant
from gateway.queries.contracts import Contract, contract_connection
from gateway.queries.evidence import EVIDENCE, Event, evidence
from gateway.queries.filters import SupplierFilter
from gateway.queries.payments import Payment, payment_connection
from gateway.reads import models
from gateway.reads.times import Times
from gateway.scalars import Day, Pence


@strawberry.type(
    description="Someone an organisation buys from: a supplier on its register, or a name that it paid and that is not known to be on it."
)
class Supplier(Node):
    organisation: str = strawberry.field(description="Who buys from it, as GB-LAE-SLF.")
    supplier_id: str = strawberry.field(description="The supplier, or the payee, within that organisation.")
    name: str = strawberry.field(description="Its name, on the register or as paid.")
    registered: bool = strawberry.field(description="Whether it is on the contract register.")
    company_number: str | None = strawberry.field(
        description="Its company number, when the register gives a valid one."
    )
    additional_identifiers: list[str] = strawberry.field(
        description="Its numbers in other registers, as org-id.guide writes them: GB-CHC-1049226."
    )
    postcode: str | None = strawberry.field(description="Its postcode, when the register gives one.")
    sme: Known = strawberry.field(description="Whether the register says it is a small or medium-sized enterprise.")
    local: Known = strawberry.field(
        description="Whether its postcode is in the organisation's area, by a dated list of postcode districts."
    )
    payment_count: int = strawberry.field(
        description="Its payments that you may see and the filter of its list lets through."
    )
    net_pence: Pence = strawberry.field(description="What those payments add up to.")
    file_id: str | None = strawberry.field(description="The register that states it; null when none does.")
    line: int | None = strawberry.field(description="The line of that register.")
    stated_on: Day | None = strawberry.field(description="The day on which the publisher stated it.")
    merged_into: str | None = strawberry.field(
        description="The supplier that a person decided it is; payments to either are payments to that one."
    )
    merged: list[str] = strawberry.field(description="Suppliers of the register that a person decided are this one.")
    times: strawberry.Private[Times]
    row: strawberry.Private[reads.Supplier]

    @strawberry.field(description="What it was paid, latest first.")
    async def payments(self, info: Info, first: First = 20, after: After = None) -> TotalledConnection[Payment]:
        where = reads.PaymentFilter(organisation=self.organisation, supplier_id=self.supplier_id)
        return await payment_connection(info, where, PaymentOrder.PAID_ON_DESC, first, after, self.times)

    @strawberry.field(description="Its contracts, and those of suppliers merged into it, the largest first.")
    async def contracts(self, info: Info, first: First = 20, after: After = None) -> TotalledConnection[Contract]:
        where = reads.ContractFilter(organisation=self.organisation, supplier_id=self.supplier_id)
        return await contract_connection(info, where, ContractOrder.VALUE_DESC, first, after, self.times)

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        streams = reads.evidence_of_supplier(self.row)
        return await evidence(info, self.organisation, streams, first, after, self.times)


SupplierConnection = TotalledConnection[Supplier]


def supplier_of(row: reads.Supplier, times: Times) -> Supplier:
    """A supplier for partners."""
    supplier = from_row(
        Supplier,
        row,
        id=write_id("Supplier", row.organisation, row.supplier_id),
        payment_count=row.payments,
        times=times,
        row=row,
    )
    supplier.sme, supplier.local = Known(row.sme), Known(row.local)
    return supplier


async def suppliers(
    info: Info,
    where: Annotated[
        SupplierFilter | None, strawberry.argument(description="Which suppliers; all, when absent.")
    ] = None,
    order_by: Annotated[SupplierOrder, strawberry.argument(description="In which order.")] = SupplierOrder.PAID_DESC,
    first: First = 20,
    after: After = None,
    as_known_at: KnownAt = None,
    as_of: AsOf = None,
) -> TotalledConnection[Supplier]:
    """Resolve `suppliers`."""
    times = Times(as_known_at, as_of)
    asking, narrowed = info.context, (where or SupplierFilter()).where()
    found = await reads.suppliers(
        asking.db, asking.viewer, narrowed, order=meant(order_by), page=page(first, after), times=times
    )
    return SupplierConnection(
        **parts(found, [supplier_of(row, times) for row in found.items], after),
        ask_totals=lambda: reads.supplier_totals(asking.db, asking.viewer, narrowed, times=times),
        ask_incomplete=lambda: asking.incomplete(models.SUPPLIERS, narrowed.organisation),
    )
