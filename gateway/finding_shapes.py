"""What do the rules for findings look at, and what do they find? Plain records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

State = Literal["open", "explained", "accepted", "dismissed"]
Code = Literal[
    "no_contract", "after_end", "before_start", "over_value", "over_annual", "splitting", "late_order", "other_party",
    "card_on_contract", "missing_reference", "category_total",
]  # fmt: skip
Cause = Literal["contract", "supplier", "category"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPaid:
    """A contract of the register, and what was paid on it."""

    contract_id: str
    title: str
    supplier_name: str
    value_pence: int | None
    annual_pence: int | None
    starts_on: date | None
    ends_on: date | None
    by_year: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """By year of its term, from 0: how many payments, and pence."""

    @property
    def paid(self) -> tuple[int, int]:
        """How many payments, and pence."""
        return summed(self.by_year.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """What a supplier was paid in one month without a contract in force, for one of three reasons."""

    supplier_id: str
    name: str
    answer: Literal["no_contract", "expired", "early"]
    month: date
    payments: int
    net_pence: int
    candidates: Sequence[str]
    """The contracts that were considered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One payment without any contract."""

    supplier_id: str
    name: str
    paid_on: date
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A payment, and the day of the order under which it was made."""

    supplier_id: str
    name: str
    purchase_order: str
    raised_on: date
    invoiced_on: date
    """The day that the invoice bears; that of payment where none is stated."""
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A payment that names a contract, and whose contract that is."""

    contract_id: str
    title: str
    contract_supplier_id: str
    supplier_id: str
    """Who was paid."""
    name: str
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Carded:
    """A payment by card to a supplier of the register, and a contract of it."""

    supplier_id: str
    name: str
    title: str
    starts_on: date
    ends_on: date
    paid_on: date
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Referenced:
    """A payment of contract spend from the band on, and whether it names its order or contract."""

    supplier_id: str
    name: str
    net_pence: int
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What a supplier was paid in one month for one category, and no contract was found."""

    category_code: str
    """ProClass 17."""
    supplier_id: str
    month: date
    payments: int
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A contract's category and term."""

    category_code: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What persons said last of a finding."""

    answer: State | None = None
    reason: str | None = None
    until: date | None = None
    answered_on: date | None = None
    owner: str | None = None
    due_on: date | None = None

    def state(self, on: date) -> State:
        """How it stands on a day: what was answered until an earlier one is open again."""
        return "open" if self.answer is None or (self.until is not None and self.until < on) else self.answer


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything that the rules look at, of one organisation."""

    contracts: Mapping[str, ContractPaid]
    unmatched: Sequence[Unmatched]
    singles: Sequence[Single]
    ordered: Sequence[Ordered] = ()
    named: Sequence[Named] = ()
    carded: Sequence[Carded] = ()
    referenced: Sequence[Referenced] = ()
    bought: Sequence[Bought] = ()
    covered: Sequence[Covered] = ()
    may_be: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By payee: names of the register's suppliers that are proposed to a person."""
    said: Mapping[str, Said] = field(default_factory=dict)
    """By finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to explain."""

    finding_id: str
    """The same for the same cause under the same rule, whenever it is computed."""
    code: Code
    cause: Cause
    cause_id: str
    name: str
    """Of the contract or supplier."""
    at_stake_pence: int
    payments: int
    inputs: Mapping[str, str]
    """What it was computed from, in words and figures."""
    said: Said = NOTHING_SAID
    state: State = "open"


def summed(paid: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """How many payments, and pence, of all together."""
    count = pence = 0
    for payments, part in paid:
        count, pence = count + payments, pence + part
    return count, pence
