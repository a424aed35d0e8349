"""Payments that may be one payment made twice: as an organisation's own people see them."""

from datetime import date

import strawberry

from gateway import duplicates as rules
from gateway.asking import Info
from gateway.queries.findings import FindingState
from gateway.reads.duplicates import possible_duplicates, recovered_pence
from gateway.reads.times import Times
from gateway.scalars import Day, Pence


@strawberry.type(description="One of the payments that may be one.")
class DuplicatePayment:
    payment_id: str = strawberry.field(description="Its identifier.")
    supplier_name: str = strawberry.field(description="Its payee, as the row names it.")
    invoice_number: str | None = strawberry.field(description="The supplier's own number of the invoice.")
    document_number: str | None = strawberry.field(description="The ledger's own number.")
    paid_on: Day = strawberry.field(description="The day of payment.")
    net_pence: Pence = strawberry.field(description="Without VAT; below zero for a credit.")


@strawberry.type(description="Payments that may be one payment made twice: a question, which accuses nobody.")
class Duplicate:
    finding_id: str = strawberry.field(description="The same for the same payments under the same rule.")
    code: str = strawberry.field(description="The rule, as same_invoice.")
    title: str = strawberry.field(description="The rule in words.")
    question: str = strawberry.field(description="What is asked.")
    cause: str = strawberry.field(description="Always payment.")
    cause_id: str = strawberry.field(description="The first of the payments.")
    at_stake_pence: Pence = strawberry.field(description="What was paid more than once and is not credited.")
    recovered_pence: Pence = strawberry.field(description="What has come back since, as it was stated last.")
    recovered_on: Day | None = strawberry.field(description="When the last of it came back.")
    recovered_how: str | None = strawberry.field(description="By credit_note, refund or offset.")
    state: FindingState = strawberry.field(description="How it stands today, or stood on the day that is asked about.")
    reason: str | None = strawberry.field(description="What the person said who answered last.")
    owner: str | None = strawberry.field(description="Who is to explain it.")
    due_on: Day | None = strawberry.field(description="By when.")
    alike: list[DuplicatePayment] = strawberry.field(description="The payments, the first to the last.")
    credits: list[DuplicatePayment] = strawberry.field(description="What was credited of them.")


@strawberry.type(description="What may have been paid twice, the most money first.")
class Duplicates:
    rules_dated: Day = strawberry.field(description="The date of the rules.")
    count: int = strawberry.field(description="How many questions there are.")
    at_stake_pence: Pence = strawberry.field(description="The pounds that they are about.")
    recovered_pence: Pence = strawberry.field(
        description="What has come back in all, also of payments that are credited by now and asked about no more."
    )
    nodes: list[Duplicate] = strawberry.field(description="The first of them.")


async def duplicates_of(
    info: Info, organisation: str, first: int, ids: list[str] | None, times: Times, *, every: bool
) -> Duplicates:
    """Resolve `duplicates`."""
    asking = info.context
    on = times.today
    found = await possible_duplicates(
        asking.db, asking.viewer, organisation, on, every=every, settled=ids is not None, times=times
    )
    wanted = [each for each in found if ids is None or each.finding_id in ids]
    back = await recovered_pence(asking.db, asking.viewer, organisation, times=times)
    return Duplicates(
        rules_dated=Day(rules.RULES_DATED),
        count=len(wanted),
        at_stake_pence=Pence(sum(each.at_stake_pence for each in wanted)),
        recovered_pence=Pence(back),
        nodes=[_duplicate(each) for each in wanted[:first]],
    )


def _duplicate(found: rules.Duplicate) -> Duplicate:
    rule = rules.RULE[found.code]
    return Duplicate(
        finding_id=found.finding_id,
        code=found.code,
        title=rule.title,
        question=rule.question,
        cause="payment",
        cause_id=found.cause_id,
        at_stake_pence=Pence(found.at_stake_pence),
        recovered_pence=Pence(found.recovered.pence),
        recovered_on=_day(found.recovered.on),
        recovered_how=found.recovered.how,
        state=FindingState(found.state),
        reason=found.said.reason,
        owner=found.said.owner,
        due_on=_day(found.said.due_on),
        alike=[_payment(each) for each in found.payments],
        credits=[_payment(each) for each in found.credits],
    )


def _payment(paid: rules.Paid) -> DuplicatePayment:
    return DuplicatePayment(
        payment_id=paid.payment_id,
        supplier_name=paid.supplier_name,
        invoice_number=paid.invoice_number,
        document_number=paid.document_number,
        paid_on=Day(paid.paid_on),
        net_pence=Pence(paid.net_pence),
    )


def _day(day: date | None) -> Day | None:
    return None if day is None else Day(day)
