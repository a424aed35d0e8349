"""Organisations and what they spend, as partners see them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import strawberry

from gateway import reads
from gateway.asking import Info, write_id
from gateway.connections import After, AsOf, Connection, First, KnownAt, Node, TotalledConnection, Totals, page, parts
from gateway.places import DATED
from gateway.queries.choices import Dimension, PaymentOrder, meant
from gateway.queries.duplicates import Duplicates, duplicates_of
from gateway.queries.duties import Duties, duties_of
from gateway.queries.evidence import Event, EventConnection, event_of
from gateway.queries.filters import PaymentFilter
from gateway.queries.findings import Findings, FindingState, Wanted, findings_of
from gateway.queries.payments import Payment, payment_connection
from gateway.queries.publications import Publications, publications_of
from gateway.queries.who import Who, who_of
from gateway.reads import models
from gateway.reads.times import Times
from gateway.scalars import Day, Pence


@strawberry.type(description="One part of a total.")
class Figure:
    value: str = strawberry.field(
        description="What the part is, as contract_spend, no_contract, yes or 2021-04; empty where the record does not say."
    )
    count: int = strawberry.field(description="How many payments.")
    net_pence: Pence = strawberry.field(description="What they add up to.")
    where: strawberry.Private[reads.PaymentFilter]
    times: strawberry.Private[Times]

    @strawberry.field(description="The payments that it adds up, latest first; each leads to its evidence.")
    async def payments(self, info: Info, first: First = 20, after: After = None) -> TotalledConnection[Payment]:
        return await payment_connection(info, self.where, PaymentOrder.PAID_ON_DESC, first, after, self.times)


@strawberry.type(description="What an organisation spent, as far as you may see its payments.")
class Summary:
    total: Totals = strawberry.field(description="All payments.")
    by_scope: list[Figure] = strawberry.field(description="All payments, by what kind they are.")
    by_answer: list[Figure] = strawberry.field(
        description="Payments for goods, works and services, by whether they were on a contract; empty = not judged yet."
    )
    by_sme: list[Figure] = strawberry.field(
        description="The same payments, by whether the supplier is a small or medium-sized enterprise: yes, no, unknown."
    )
    by_local: list[Figure] = strawberry.field(
        description="The same payments, by whether the supplier is local: yes, no, unknown."
    )
    by_category: list[Figure] = strawberry.field(
        description="The same payments, by what was bought: ProClass categories of the first level, as 270000; empty = unknown."
    )
    by_period: list[Figure] = strawberry.field(description="All payments, by the period of publication.")
    local_list_dated: Day = strawberry.field(
        description="The date of the list of postcode districts that says what is local: our own, and no official boundary."
    )
    incomplete: bool = strawberry.field(description="Whether events wait that could not be read yet.")


@strawberry.type(description="A council or partner with records here.")
class Organisation(Node):
    organisation: str = strawberry.field(description="Its identifier (org-id.guide), as GB-LAE-SLF.")
    name: str = strawberry.field(description="Its name; the identifier where none is known here.")
    incomplete: bool = strawberry.field(description="Whether an event about it could not be read yet.")
    times: strawberry.Private[Times]

    @strawberry.field(description="What it spent, on what, and how much of that was on contract, with SMEs and local.")
    async def summary(
        self,
        info: Info,
        paid_from: Annotated[Day | None, strawberry.argument(description="Of payments on this day or later.")] = None,
        paid_to: Annotated[Day | None, strawberry.argument(description="Of payments on this day or earlier.")] = None,
    ) -> Summary:
        asking = info.context
        found = await reads.summary(
            asking.db, asking.viewer, self.organisation, paid_from=paid_from, paid_to=paid_to, times=self.times
        )
        every = reads.PaymentFilter(organisation=self.organisation, paid_from=paid_from, paid_to=paid_to)
        contract_spend = replace(every, scope="contract_spend")

        def figures(parts: Sequence[reads.Figure], where: reads.PaymentFilter, by: reads.Dimension) -> list[Figure]:
            return figures_of(parts, where, by, self.times)

        return Summary(
            total=Totals(count=found.total.count, net_pence=Pence(found.total.net_pence)),
            by_scope=figures(found.by_scope, every, reads.Dimension.SCOPE),
            by_answer=figures(found.by_answer, contract_spend, reads.Dimension.ANSWER),
            by_sme=figures(found.by_sme, contract_spend, reads.Dimension.SME),
            by_local=figures(found.by_local, contract_spend, reads.Dimension.LOCAL),
            by_category=figures(found.by_category, contract_spend, reads.Dimension.CATEGORY),
            by_period=figures(found.by_period, every, reads.Dimension.PERIOD),
            local_list_dated=Day(DATED),
            incomplete=found.incomplete,
        )

    @strawberry.field(description="Who is paid: small, voluntary and local suppliers, under each definition.")
    async def who(self, info: Info) -> Who:
        return await who_of(info, self.organisation, self.times)

    @strawberry.field(
        description="What is to be explained of its contract spend, the most money first; for its own people only."
    )
    async def findings(
        self,
        info: Info,
        first: First = 20,
        code: Annotated[
            str | None,
            strawberry.argument(description="Only those of one rule, as after_end; of one that is off, too."),
        ] = None,
        state: Annotated[FindingState | None, strawberry.argument(description="Only those that stand so.")] = None,
        finding_ids: Annotated[list[str] | None, strawberry.argument(description="Only these, by their ids.")] = None,
    ) -> Findings:
        wanted = Wanted(first=first, code=code, state=state, finding_ids=finding_ids)
        return await findings_of(info, self.organisation, wanted, self.times)

    @strawberry.field(description="What may have been paid twice, the most money first; for its own people only.")
    async def duplicates(
        self,
        info: Info,
        first: First = 20,
        every: Annotated[
            bool, strawberry.argument(description="By every rule, also by those that are more often wrong than right.")
        ] = False,
        finding_ids: Annotated[
            list[str] | None,
            strawberry.argument(description="Only these, by their ids; also those that credits have settled."),
        ] = None,
    ) -> Duplicates:
        return await duplicates_of(info, self.organisation, first, finding_ids, self.times, every=every)

    @strawberry.field(description="What was published of each quarter's payments, the newest first.")
    async def publications(self, info: Info, first: First = 20) -> Publications:
        return await publications_of(info, self.organisation, first, self.times)

    @strawberry.field(description="What the Procurement Act 2023 asks of its payments; for its own people only.")
    async def duties(
        self,
        info: Info,
        quarter: Annotated[str, strawberry.argument(description="As 2021-Q2, which is April to June 2021.")],
    ) -> Duties:
        return await duties_of(info, self.organisation, quarter, self.times)

    @strawberry.field(description="The events behind everything that you may see of it, log by log.")
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        asking = info.context
        found = await reads.organisation_evidence(
            asking.db, asking.viewer, self.organisation, page=page(first, after), times=self.times
        )
        return EventConnection(**parts(found, [event_of(row) for row in found.items], after))


OrganisationConnection = TotalledConnection[Organisation]


def figures_of(
    parts: Sequence[reads.Figure], where: reads.PaymentFilter, by: reads.Dimension, times: Times
) -> list[Figure]:
    """Parts of a total for partners, each with the filter that lets its payments through."""
    return [
        Figure(
            value=part.value,
            count=part.count,
            net_pence=Pence(part.net_pence),
            where=reads.narrowed(where, by, part.value),
            times=times,
        )
        for part in parts
    ]


def organisation_of(row: reads.Organisation, times: Times) -> Organisation:
    """An organisation for partners."""
    return Organisation(
        id=write_id("Organisation", row.organisation),
        organisation=row.organisation,
        name=row.name,
        incomplete=row.incomplete,
        times=times,
    )


async def organisations(
    info: Info, first: First = 20, after: After = None, as_known_at: KnownAt = None, as_of: AsOf = None
) -> TotalledConnection[Organisation]:
    """Resolve `organisations`."""
    times = Times(as_known_at, as_of)
    asking = info.context
    found = await reads.organisation_page(asking.db, asking.viewer, page=page(first, after), times=times)
    return OrganisationConnection(
        **parts(found, [organisation_of(row, times) for row in found.items], after),
        ask_totals=lambda: reads.organisation_totals(asking.db, asking.viewer, times=times),
        ask_incomplete=lambda: asking.incomplete(models.SUMMARY, None),
    )


async def figures(
    info: Info,
    by: Annotated[Dimension, strawberry.argument(description="What to break the total down by.")],
    where: Annotated[PaymentFilter | None, strawberry.argument(description="Which payments; all, when absent.")] = None,
    as_known_at: KnownAt = None,
    as_of: AsOf = None,
) -> list[Figure]:
    """Resolve `figures`."""
    times = Times(as_known_at, as_of)
    asking, narrowed = info.context, (where or PaymentFilter()).where()
    found = await reads.figures(asking.db, asking.viewer, narrowed, meant(by), times=times)
    return figures_of(found, narrowed, meant(by), times)
