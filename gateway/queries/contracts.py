"""Contracts, as partners see them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway import reads
from gateway.asking import Info, write_id
from gateway.burn import per_cent
from gateway.connections import After, AsOf, Connection, First, KnownAt, Node, TotalledConnection, from_row, page, parts
from gateway.queries.choices import ContractOrder, OutcomeOrder, PaymentOrder, meant
from gateway.queries.evidence import EVIDENCE, Event, evidence
from gateway.queries.filters import ContractFilter
from gateway.queries.payments import Payment, payment_connection
from gateway.reads import models
from gateway.reads.burns import burn_of
from gateway.reads.times import Times
from gateway.scalars import Day, Instant, Pence

if TYPE_CHECKING:
    from gateway.queries.outcomes import Outcome
    from gateway.queries.suppliers import Supplier


@strawberry.type(description="How far a contract is used up, of the payments that you may see.")
class Burn:
    as_of: Day | None = strawberry.field(description="The last day on which anything was paid; null where nothing was.")
    payments: int = strawberry.field(description="How many payments it bore.")
    paid_pence: Pence = strawberry.field(description="What they come to, without VAT.")
    remaining_pence: Pence | None = strawberry.field(
        description="What is left of the stated value; below zero where more was paid, null where none is stated."
    )
    paid_percent: str | None = strawberry.field(description="What was paid, of the stated value, as 12.3.")
    elapsed_percent: str | None = strawberry.field(description="How much of its term had run by then, as 12.3.")
    began_before_record: bool = strawberry.field(
        description="Whether it began before the first payment on record, so that what was paid before is not seen."
    )


@strawberry.type(description="A contract, as the published register says; one row of it.")
class Contract(Node):
    organisation: str = strawberry.field(description="Whose register it is on, as GB-LAE-SLF.")
    contract_id: str = strawberry.field(description="The contract within its organisation.")
    reference: str | None = strawberry.field(description="The register's own reference; it may be repeated.")
    title: str = strawberry.field(description="Its title, as published.")
    description: str = strawberry.field(description="What it is for, as published.")
    supplier_id: str | None = strawberry.field(description="The supplier; null where the register names no single one.")
    supplier_name: str = strawberry.field(description="Whom the register names, as published.")
    directorate: str = strawberry.field(description="The part of the organisation that bought it.")
    procedure: str = strawberry.field(description="How it was bought, in the register's own words.")
    starts_on: Day | None = strawberry.field(description="Its first day; null when the register gives none.")
    ends_on: Day | None = strawberry.field(
        description="Its last day with the extensions that were taken; null when the register gives none."
    )
    value_pence: Pence | None = strawberry.field(
        description="Its total value with extensions, as stated; null when none is."
    )
    annual_pence: Pence | None = strawberry.field(description="Its value a year, as stated; null when none is.")
    category_code: str | None = strawberry.field(description="Its ProClass code, when one is stated.")
    category_label: str = strawberry.field(description="Its category in words.")
    extends_contract_id: str | None = strawberry.field(
        description="The contract that it extends or repeats; null when it does neither."
    )
    file_id: str = strawberry.field(description="The register that stated it last.")
    line: int = strawberry.field(description="The line of that register.")
    stated_on: Day = strawberry.field(description="The day on which the publisher stated it.")
    known_from: Instant = strawberry.field(description="Since when it has been known like this.")
    incomplete: bool = strawberry.field(description="Whether an event about it could not be read yet.")
    times: strawberry.Private[Times]
    row: strawberry.Private[reads.Contract]

    @strawberry.field(description="Who supplies it; null where the register names no single supplier.")
    async def supplier(self, info: Info) -> Annotated["Supplier", strawberry.lazy("gateway.queries.suppliers")] | None:
        from gateway.queries.suppliers import supplier_of

        if self.supplier_id is None:
            return None
        row = await info.context.suppliers.load((self.organisation, self.supplier_id, self.times))
        return None if row is None else supplier_of(row, self.times)

    @strawberry.field(description="The payments that are on it for certain, latest first.")
    async def payments(self, info: Info, first: First = 20, after: After = None) -> TotalledConnection[Payment]:
        where = reads.PaymentFilter(organisation=self.organisation, contract_id=self.contract_id)
        return await payment_connection(info, where, PaymentOrder.PAID_ON_DESC, first, after, self.times)

    @strawberry.field(description="How far it is used up, beside how far its term has run.")
    async def burn(self, info: Info) -> Burn:
        asking = info.context
        found = await burn_of(asking.db, asking.viewer, self.row, times=self.times)
        return Burn(
            as_of=None if found.as_of is None else Day(found.as_of),
            payments=found.payments,
            paid_pence=Pence(found.paid_pence),
            remaining_pence=None if found.remaining_pence is None else Pence(found.remaining_pence),
            paid_percent=per_cent(found.paid_tenths),
            elapsed_percent=per_cent(found.elapsed_tenths),
            began_before_record=found.began_before_record,
        )

    @strawberry.field(description="The social value that was promised on it; needs a key of the organisation.")
    async def outcomes(
        self, info: Info, first: First = 20, after: After = None
    ) -> TotalledConnection[Annotated["Outcome", strawberry.lazy("gateway.queries.outcomes")]] | None:
        from gateway.queries.outcomes import outcome_connection

        where = reads.OutcomeFilter(organisation=self.organisation, contract_id=self.contract_id)
        return await outcome_connection(info, where, OutcomeOrder.DUE_ON_ASC, first, after, self.times)

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        streams = reads.evidence_of_contract(self.row)
        return await evidence(info, self.organisation, streams, first, after, self.times)


ContractConnection = TotalledConnection[Contract]


def contract_of(row: reads.Contract, times: Times) -> Contract:
    """A contract for partners."""
    return from_row(Contract, row, id=write_id("Contract", row.organisation, row.contract_id), times=times, row=row)


async def contract_connection(
    info: Info,
    where: reads.ContractFilter,
    order: ContractOrder,
    first: int,
    after: str | None,
    times: Times,
) -> TotalledConnection[Contract]:
    """The contracts that a filter lets through, as a connection."""
    asking = info.context
    found = await reads.contracts(
        asking.db, asking.viewer, where, order=meant(order), page=page(first, after), times=times
    )
    return ContractConnection(
        **parts(found, [contract_of(row, times) for row in found.items], after),
        ask_totals=lambda: reads.contract_totals(asking.db, asking.viewer, where, times=times),
        ask_incomplete=lambda: asking.incomplete(models.CONTRACTS, where.organisation),
    )


async def contracts(
    info: Info,
    where: Annotated[
        ContractFilter | None, strawberry.argument(description="Which contracts; all, when absent.")
    ] = None,
    order_by: Annotated[ContractOrder, strawberry.argument(description="In which order.")] = ContractOrder.VALUE_DESC,
    first: First = 20,
    after: After = None,
    as_known_at: KnownAt = None,
    as_of: AsOf = None,
) -> TotalledConnection[Contract]:
    """Resolve `contracts`."""
    narrowed = (where or ContractFilter()).where()
    return await contract_connection(info, narrowed, order_by, first, after, Times(as_known_at, as_of))
