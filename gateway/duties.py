"""What do the Procurement Act 2023 and its regulations ask to be published of payments, and what is missing for it? Pure.

Section 70 asks for every payment over £30,000, VAT included, under a public contract whose procurement commenced on or
after 1 April 2026. Regulation 38 of the Procurement Regulations 2024 (section 69 of the Act) asks twice a year how
quickly invoices were paid. Where the record does not hold what is asked for, the answer says so and how much it is about.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, Self

from schemas.legal_days import Quarter

OVER_PENCE = 3_000_000
COMMENCED_FROM = date(2026, 4, 1)
DAYS_TO_PUBLISH = 30
"""Beginning with the last day of the period, so that 31 March gives 29 April."""
PAYABLE_WITHIN = timedelta(days=30)
"""Of the invoice being received (Procurement Act 2023, s. 68)."""
Standing = Literal["outside", "not_known", "no_contract"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment for goods, works or services, as far as the duties ask."""

    payment_id: str
    paid_on: date
    received_on: date | None
    """The day on which the invoice was received."""
    net_pence: int
    gross_pence: int | None
    on_contract: bool
    contract_starts_on: date | None


@dataclass(slots=True)
class Part:
    """Payments and their net pence."""

    payments: int = 0
    net_pence: int = 0

    def add(self, paid: Paid) -> None:
        """One payment more."""
        self.payments, self.net_pence = self.payments + 1, self.net_pence + paid.net_pence


@dataclass(frozen=True, slots=True, kw_only=True)
class Over30000:
    """A quarter's payments over £30,000, by whether section 70 asks for them."""

    quarter: Quarter
    outside: Part = field(default_factory=Part)
    """On a contract that began before 1 April 2026, so that its procurement had commenced before."""
    not_known: Part = field(default_factory=Part)
    """On a contract that may be one: no register here says when a procurement commenced."""
    no_contract: Part = field(default_factory=Part)
    """On no one contract for certain."""
    without_vat: Part = field(default_factory=Part)
    """Among all of these: what is over £30,000 net, and does not say what it is with VAT."""

    @property
    def due_on(self) -> date:
        """The last day to publish."""
        return due_on(self.quarter.last)


def due_on(last: date) -> date:
    """The last of thirty days that begin with the last day of a period."""
    return last + timedelta(days=DAYS_TO_PUBLISH - 1)


def over_30000(quarter: Quarter, payments: Iterable[Paid]) -> Over30000:
    """A quarter's single payments over £30,000; they are never added up."""
    found = Over30000(quarter=quarter)
    for paid in payments:
        with_vat = paid.net_pence if paid.gross_pence is None else paid.gross_pence
        if with_vat > OVER_PENCE and quarter.first <= paid.paid_on <= quarter.last:
            {"outside": found.outside, "not_known": found.not_known, "no_contract": found.no_contract}[
                standing(paid)
            ].add(paid)
            if paid.gross_pence is None:
                found.without_vat.add(paid)
    return found


def standing(paid: Paid) -> Standing:
    """Whether section 70 can ask for a payment: no procurement commences after its contract has begun."""
    if not paid.on_contract:
        return "no_contract"
    begun_before = paid.contract_starts_on is not None and paid.contract_starts_on < COMMENCED_FROM
    return "outside" if begun_before else "not_known"


@dataclass(frozen=True, slots=True, order=True)
class HalfYear:
    """Six months to 31 March or 30 September."""

    year: int
    month: Literal[3, 9]

    @classmethod
    def of(cls, quarter: Quarter) -> Self:
        """The half-year to which a quarter belongs."""
        if quarter.number in (2, 3):
            return cls(quarter.year, 9)
        return cls(quarter.year + (quarter.number == 4), 3)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 4, 1) if self.month == 9 else date(self.year - 1, 10, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 9, 30) if self.month == 9 else date(self.year, 3, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPayment:
    """How quickly invoices were paid in six months, as regulation 38 asks; of payments whose invoice's day is known."""

    half: HalfYear
    known: Part = field(default_factory=Part)
    missing: Part = field(default_factory=Part)
    """Payments that do not say when their invoice was received: they are in no figure."""
    days: int = 0
    """Of all known payments together; day 1 is the day after the invoice was received."""
    within_30: int = 0
    within_60: int = 0
    later: int = 0
    payable_pence: int = 0
    """What became payable in the six months: thirty days after it was received."""
    unpaid_pence: int = 0
    """Of that, what was paid after they had ended. What was never paid is on no record here, and may be more."""

    @property
    def mean_days(self) -> Fraction | None:
        """The mean number of days to pay; None where nothing is known."""
        return Fraction(self.days, self.known.payments) if self.known.payments else None

    @property
    def mean_days_written(self) -> str | None:
        """The same to a tenth, half up."""
        return None if self.mean_days is None else to_a_tenth(self.mean_days)


def to_a_tenth(value: Fraction) -> str:
    """A figure that is not below nought, half up."""
    tenths = (value * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}"


def prompt_payment(half: HalfYear, payments: Sequence[Paid]) -> PromptPayment:
    """The figures of regulation 38; credits and refunds pay no invoice and are left out."""
    known, missing = Part(), Part()
    counts, days = [0, 0, 0], 0
    paid_ones = [paid for paid in payments if paid.net_pence > 0]
    for paid in paid_ones:
        if not half.first <= paid.paid_on <= half.last:
            continue
        if paid.received_on is None:
            missing.add(paid)
            continue
        known.add(paid)
        took = max(0, (paid.paid_on - paid.received_on).days)
        days += took
        counts[0 if took <= 30 else 1 if took <= 60 else 2] += 1
    payable = [paid for paid in paid_ones if paid.received_on is not None
               and half.first <= paid.received_on + PAYABLE_WITHIN <= half.last]  # fmt: skip
    return PromptPayment(
        half=half, known=known, missing=missing, days=days, within_30=counts[0], within_60=counts[1], later=counts[2],
        payable_pence=sum(paid.net_pence for paid in payable),
        unpaid_pence=sum(paid.net_pence for paid in payable if paid.paid_on > half.last),
    )  # fmt: skip
