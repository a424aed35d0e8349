"""Social value promised, claimed and found true, as partners see it."""

from typing import Annotated

import strawberry

from gateway import reads
from gateway.asking import Info, write_id
from gateway.connections import After, Connection, First, KnownAt, Node, TotalledConnection, from_row, page, parts
from gateway.queries.choices import OutcomeOrder, meant
from gateway.queries.contracts import Contract, contract_of
from gateway.queries.evidence import EVIDENCE, Event, evidence
from gateway.queries.filters import OutcomeFilter
from gateway.reads import models
from gateway.reads.times import Times
from gateway.scalars import Day, Instant, Whole


@strawberry.type(description="Part of a commitment that a supplier says was delivered.")
class Claim(Node):
    organisation: str = strawberry.field(description="With whom it is on record, as GB-LAE-SLF.")
    claim_id: str = strawberry.field(description="The claim within that organisation.")
    quantity: Whole = strawberry.field(description="How much is claimed, in hundredths of the commitment's unit.")
    delivered_on: Day = strawberry.field(description="The day of delivery, as claimed.")
    evidence_digest: str = strawberry.field(description="The SHA-256 of the evidence document.")
    claimed_by: str = strawberry.field(description="The organisation that claims.")
    verified_quantity: Whole | None = strawberry.field(
        description="How much was found true, in the same hundredths; null until somebody else has looked."
    )
    verdict: str | None = strawberry.field(description="full or partial; null until somebody else has looked.")
    verified_by: str | None = strawberry.field(description="The organisation that looked; null until one has.")
    known_from: Instant = strawberry.field(description="Since when it has been known like this.")
    times: strawberry.Private[Times]

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        streams = [("social_value", f"claim/{self.claim_id}")]
        return await evidence(info, self.organisation, streams, first, after, self.times)


@strawberry.type(description="Social value that was promised on a contract, and what has come of it.")
class Outcome(Node):
    organisation: str = strawberry.field(description="With whom it is on record, as GB-LAE-SLF.")
    commitment_id: str = strawberry.field(description="The commitment within that organisation.")
    contract_id: str = strawberry.field(description="The contract on which it was made.")
    measure: str = strawberry.field(description="Code and name of the measure.")
    unit: str = strawberry.field(description="What the quantities count: hours, weeks, FTE-years, pence.")
    quantity: Whole = strawberry.field(description="How much was promised, in hundredths of the unit.")
    claimed_quantity: Whole = strawberry.field(description="How much is claimed so far, in hundredths of the unit.")
    verified_quantity: Whole = strawberry.field(
        description="How much was found true so far, in hundredths of the unit."
    )
    due_on: Day = strawberry.field(description="By when it is due.")
    known_from: Instant = strawberry.field(description="Since when it has been known like this.")
    incomplete: bool = strawberry.field(description="Whether an event about it could not be read yet.")
    times: strawberry.Private[Times]
    row: strawberry.Private[reads.Commitment]

    @strawberry.field(description="What is claimed of it, earliest delivery first.")
    async def claims(self, info: Info) -> list[Claim]:
        asking = info.context
        rows = await reads.claims(asking.db, asking.viewer, self.organisation, [self.commitment_id], times=self.times)
        return [
            from_row(Claim, row, id=write_id("Claim", row.organisation, row.claim_id), times=self.times) for row in rows
        ]

    @strawberry.field(description="The contract on which it was made; null when no register here has it.")
    async def contract(self, info: Info) -> Contract | None:
        row = await info.context.contracts.load((self.organisation, self.contract_id, self.times))
        return None if row is None else contract_of(row, self.times)

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        streams = reads.evidence_of_outcome(self.row)
        return await evidence(info, self.organisation, streams, first, after, self.times)


OutcomeConnection = TotalledConnection[Outcome]


def outcome_of(row: reads.Commitment, times: Times) -> Outcome:
    """A commitment for partners."""
    return from_row(Outcome, row, id=write_id("Outcome", row.organisation, row.commitment_id), times=times, row=row)


async def outcome_connection(
    info: Info,
    where: reads.OutcomeFilter,
    order: OutcomeOrder,
    first: int,
    after: str | None,
    times: Times,
) -> TotalledConnection[Outcome]:
    """The commitments that a filter lets through, as a connection."""
    asking = info.context
    found = await reads.outcomes(
        asking.db, asking.viewer, where, order=meant(order), page=page(first, after), times=times
    )
    return OutcomeConnection(
        **parts(found, [outcome_of(row, times) for row in found.items], after),
        ask_totals=lambda: reads.outcome_totals(asking.db, asking.viewer, where, times=times),
        ask_incomplete=lambda: asking.incomplete(models.OUTCOMES, where.organisation),
    )


async def outcomes(
    info: Info,
    where: Annotated[
        OutcomeFilter | None, strawberry.argument(description="Which commitments; all, when absent.")
    ] = None,
    order_by: Annotated[OutcomeOrder, strawberry.argument(description="In which order.")] = OutcomeOrder.DUE_ON_ASC,
    first: First = 20,
    after: After = None,
    as_known_at: KnownAt = None,
) -> TotalledConnection[Outcome] | None:
    """Resolve `outcomes`."""
    narrowed = (where or OutcomeFilter()).where()
    return await outcome_connection(info, narrowed, order_by, first, after, Times(as_known_at))
