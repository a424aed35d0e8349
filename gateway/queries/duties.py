"""What the Procurement Act 2023 asks to be published of payments: as an organisation's own people see it."""

import strawberry

from gateway import duties
from gateway.asking import Info
from gateway.reads import BadInput
from gateway.reads.duties import paid_for
from gateway.reads.times import Times
from gateway.scalars import Day, Pence
from schemas.legal_days import Quarter


@strawberry.type(description="Some payments.")
class PaymentsPart:
    payments: int = strawberry.field(description="How many.")
    net_pence: Pence = strawberry.field(description="What they add up to, without VAT.")


@strawberry.type(description="A quarter's single payments over £30,000, by whether section 70 asks for them.")
class Over30000:
    quarter: str = strawberry.field(description="Of the calendar year, as 2026-Q2.")
    due_on: Day = strawberry.field(description="The last day to publish.")
    outside: PaymentsPart = strawberry.field(
        description="On a contract that began before 1 April 2026: its procurement had commenced before."
    )
    not_known: PaymentsPart = strawberry.field(
        description="On a contract that may be asked for: no register here says when a procurement commenced."
    )
    no_contract: PaymentsPart = strawberry.field(description="On no one contract for certain.")
    without_vat: PaymentsPart = strawberry.field(
        description="Among all of these, over £30,000 net where nothing says what it is with VAT."
    )


@strawberry.type(description="How quickly invoices were paid in six months (regulation 38).")
class PromptPayment:
    first: Day = strawberry.field(description="The first day of the six months.")
    last: Day = strawberry.field(description="Their last day: 31 March or 30 September.")
    due_on: Day = strawberry.field(description="The last day to publish.")
    known: PaymentsPart = strawberry.field(description="Payments that say when their invoice was received.")
    missing: PaymentsPart = strawberry.field(description="Payments that do not, and are in no figure.")
    mean_days: str | None = strawberry.field(
        description="The mean number of days to pay, to a tenth; day 1 is the day after the invoice was received."
    )
    within_30: int = strawberry.field(description="Payments within 30 days.")
    within_60: int = strawberry.field(description="Payments on days 31 to 60.")
    later: int = strawberry.field(description="Payments later than that.")
    payable_pence: Pence = strawberry.field(description="What became payable in the six months.")
    unpaid_pence: Pence = strawberry.field(
        description="Of that, what was paid after they ended; what was never paid is on no record here."
    )


@strawberry.type(description="What is to be published of payments beside the quarterly files; for its own people only.")
class Duties:
    over_30000: Over30000 = strawberry.field(name="over30000", description="Procurement Act 2023, section 70.")
    prompt_payment: PromptPayment = strawberry.field(
        description="The Act's section 69 and regulation 38, for the half-year to which the quarter belongs."
    )


async def duties_of(info: Info, organisation: str, quarter: str, times: Times) -> Duties:
    """Resolve `duties`."""
    asking = info.context
    try:
        wanted = Quarter.read(quarter)
    except ValueError as error:
        raise BadInput("quarter", f"{error}.") from None
    half = duties.HalfYear.of(wanted)
    since = half.first - duties.PAYABLE_WITHIN
    paid = await paid_for(asking.db, asking.viewer, organisation, since, half.last, times=times)
    return Duties(
        over_30000=_over_30000(duties.over_30000(wanted, paid)),
        prompt_payment=_prompt_payment(duties.prompt_payment(half, paid)),
    )


def _over_30000(found: duties.Over30000) -> Over30000:
    return Over30000(
        quarter=str(found.quarter),
        due_on=Day(found.due_on),
        outside=_part(found.outside),
        not_known=_part(found.not_known),
        no_contract=_part(found.no_contract),
        without_vat=_part(found.without_vat),
    )


def _prompt_payment(found: duties.PromptPayment) -> PromptPayment:
    return PromptPayment(
        first=Day(found.half.first),
        last=Day(found.half.last),
        due_on=Day(duties.due_on(found.half.last)),
        known=_part(found.known),
        missing=_part(found.missing),
        mean_days=found.mean_days_written,
        within_30=found.within_30,
        within_60=found.within_60,
        later=found.later,
        payable_pence=Pence(found.payable_pence),
        unpaid_pence=Pence(found.unpaid_pence),
    )


def _part(part: duties.Part) -> PaymentsPart:
    return PaymentsPart(payments=part.payments, net_pence=Pence(part.net_pence))
