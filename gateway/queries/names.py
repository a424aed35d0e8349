"""Names that were paid, and who is behind them, as the organisation's own people see them."""

from enum import Enum
from typing import Annotated

import strawberry
from strawberry import enum_value

from gateway import reads
from gateway.asking import Info
from gateway.connections import After, AsOf, Connection, First, KnownAt, TotalledConnection, from_row, page, parts
from gateway.queries.choices import meant
from gateway.queries.evidence import EVIDENCE, Event, evidence
from gateway.reads import models
from gateway.reads.times import Times
from gateway.scalars import Day, Instant, Pence


@strawberry.enum(description="Where a name that was paid stands.")
class LinkState(Enum):
    LINKED = enum_value(reads.LinkState.LINKED, description="It is known to be a supplier of the register.")
    PROPOSED = enum_value(reads.LinkState.PROPOSED, description="It may be one; a person is asked.")
    UNKNOWN = enum_value(reads.LinkState.UNKNOWN, description="It was thought to be one, and no longer is.")


@strawberry.enum(description="How names that were paid may be ordered.")
class NameOrder(Enum):
    PAID_DESC = enum_value(reads.NameOrder.PAID_DESC, description="Paid most first.")
    NAME_ASC = enum_value(reads.NameOrder.NAME_ASC, description="By name.")


@strawberry.input(description="Which names that were paid; what is left out lets all through.")
class NameFilter:
    organisation: str | None = strawberry.field(default=None, description="Paid by this organisation, as GB-LAE-SLF.")
    state: LinkState | None = strawberry.field(default=None, description="Names that stand like this.")
    search: str | None = strawberry.field(default=None, description="Part of the name, in any case.")

    def where(self) -> reads.NameFilter:
        """The same for the reads."""
        state = None if self.state is None else meant(self.state).value
        return reads.NameFilter(organisation=self.organisation, state=state, search=self.search)


@strawberry.type(description="A supplier of the register that a name may be.")
class Candidate:
    supplier_id: str = strawberry.field(description="The supplier within the organisation.")
    name: str | None = strawberry.field(description="Its name on the register.")
    evidence: str = strawberry.field(description="Why it is proposed.")
    score: int = strawberry.field(description="Of a thousand: how alike the names are as they are compared.")


@strawberry.type(description="A name that was paid, and the supplier of the register that it is, or may be.")
class PaidName:
    organisation: str = strawberry.field(description="Who paid, as GB-LAE-SLF.")
    payee_id: str = strawberry.field(description="The name within that organisation.")
    name: str = strawberry.field(description="As paid.")
    state: str = strawberry.field(description="How it stands: linked, proposed or unknown.")
    supplier_id: str | None = strawberry.field(description="The supplier that it is known to be.")
    registered_name: str | None = strawberry.field(description="That supplier's name on the register.")
    basis: str | None = strawberry.field(
        description="On what: company_number, identifier (of another register), supplier_master, charity_register, normalised_name, name_evidence (see evidence) or person."
    )
    evidence_in_name: str | None = strawberry.field(description="Why, where the names differ.")
    score: int | None = strawberry.field(description="Of a thousand: how alike the names are as they are compared.")
    rules_dated: Day | None = strawberry.field(description="The date of the rules by which names were compared.")
    candidates: list[Candidate] = strawberry.field(description="Who is proposed, the likeliest first.")
    decided: str | None = strawberry.field(description="What a person decided last: accepted, rejected, withdrawn.")
    decided_supplier_id: str | None = strawberry.field(description="Of which supplier that was decided.")
    reason: str | None = strawberry.field(description="The reason that was given.")
    payment_count: int = strawberry.field(description="Payments to the name.")
    net_pence: Pence = strawberry.field(description="What they add up to.")
    known_from: Instant = strawberry.field(description="Since when it has been known like this.")
    times: strawberry.Private[Times]

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        streams = [("spend", f"payee/{self.payee_id}")]
        return await evidence(info, self.organisation, streams, first, after, self.times)


PaidNameConnection = TotalledConnection[PaidName]


def _name_of(row: reads.PaidName, times: Times) -> PaidName:
    found = from_row(
        PaidName, row, evidence_in_name=row.evidence, payment_count=row.payments, times=times,
    )  # fmt: skip
    found.candidates = [from_row(Candidate, each) for each in row.candidates]
    return found


async def paid_names(
    info: Info,
    where: Annotated[NameFilter | None, strawberry.argument(description="Which names; all, when absent.")] = None,
    order_by: Annotated[NameOrder, strawberry.argument(description="In which order.")] = NameOrder.PAID_DESC,
    first: First = 20,
    after: After = None,
    as_known_at: KnownAt = None,
    as_of: AsOf = None,
) -> TotalledConnection[PaidName] | None:
    """Resolve `paidNames`."""
    times = Times(as_known_at, as_of)
    asking, narrowed = info.context, (where or NameFilter()).where()
    found = await reads.names(
        asking.db, asking.viewer, narrowed, order=meant(order_by), page=page(first, after), times=times
    )
    return PaidNameConnection(
        **parts(found, [_name_of(row, times) for row in found.items], after),
        ask_totals=lambda: reads.name_totals(asking.db, asking.viewer, narrowed, times=times),
        ask_incomplete=lambda: asking.incomplete(models.SUPPLIERS, narrowed.organisation),
    )
