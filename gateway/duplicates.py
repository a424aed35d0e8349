"""Which payments may be one payment made twice? Dated rules over payments of the same amount; pure.

A duplicate is asked about and never asserted: two lines of one invoice, two places of care at one price or two instalments
look the same in a ledger. So each rule needs more than a supplier and an amount. Lines that one run pays on one day under
one number are one invoice; only another day, another number or another payee makes a question, and only where the whole
invoice comes to the same again: many are of many lines, at the prices of a list. A credit of the same amount to the same
payee, that day or later, gives one payment back, and what was given back is not at stake.

On real files each rule's questions were read by hand (`make eval-duplicates`). What was fair to ask less than half of the
time is off unless it is asked for.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations
from typing import Literal

from rapidfuzz.distance import OSA, Levenshtein

from gateway.finding_shapes import NOTHING_SAID, Said, State
from schemas.findings import finding_id

RULES_DATED = date(2026, 11, 28)
NEAR = timedelta(days=7)
DISTINCTIVE = 5
"""Digits from which on a number is one payee's own: fewer are a season, a batch or a grant scheme."""
MOST_DAYS = 3
"""Days on which one number is paid; beyond, it is a label that many payments bear."""
MOST_PAYEES = 2
"""Payees paid under a number on one day, whatever the amounts; beyond, it is a label of the payer's own."""
SHORTEST = 3
LONGEST_SUFFIX = 4
Code = Literal["same_invoice", "suffixed_invoice", "other_payee", "transposed_invoice", "near_date"]
_NOT_OF_A_NUMBER = re.compile(r"[^A-Z0-9]")
_PREFIX = re.compile(r"^(INV(OICE)?)?0*")
_WHEN = re.compile(
    r"\b(?:(\d{1,2}[./-]\d{1,2}[./-]\d{2,4})|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:r?uary|ch|il|e|y|ust|t|t?ember|ober)?)(?![a-z])"
)
"""How a purpose says a day or a month."""
_NO_NUMBER = re.compile(r"redact|withheld|personal|data protection|various|not (known|given|applicable)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Paid:
    """A payment, or a credit, as far as the rules ask."""

    payment_id: str
    supplier_id: str
    """The supplier behind the payee's name, however that is spelt."""
    supplier_name: str
    invoice_number: str | None
    document_number: str | None
    paid_on: date
    net_pence: int
    department: str
    purpose: str
    invoice_pence: int | None = None
    """What the supplier was paid that day under the number in all, credited lines taken off; None without a number."""
    other_sums: bool = False
    """Whether the supplier was paid another sum under the number on another day."""
    number_payees: int = 1
    """Suppliers who were paid under the number that day."""

    @cached_property
    def number(self) -> str | None:
        """The invoice's number, its letters and digits alone; None where what stands there is no number, or the year."""
        written = self.invoice_number or ""
        plain = _NOT_OF_A_NUMBER.sub("", written.upper())
        is_none = plain == str(self.paid_on.year) or _NO_NUMBER.search(written)
        return plain if any(c.isdigit() for c in plain) and not is_none else None

    @cached_property
    def of_one_invoice(self) -> str | None:
        """The number, unless it is a label: other sums go to the payee under it too, or many payees are paid under it."""
        return self.number if not self.other_sums and self.number_payees <= MOST_PAYEES else None

    @property
    def amount(self) -> tuple[int, int | None]:
        """What a payment made twice has in common: its own amount, and the whole invoice's."""
        return self.net_pence, self.invoice_pence


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What came back of a duplicate, as it was stated last."""

    pence: int
    on: date | None
    how: str | None
    reference: str | None


NOTHING_RECOVERED = Recovered(pence=0, on=None, how=None, reference=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Payments that may be one."""

    finding_id: str
    """The same whenever it is computed, also when one payment more joins it."""
    code: Code
    payments: Sequence[Paid]
    """The first to the last."""
    credits: Sequence[Paid]
    """What was given back of them already."""
    at_stake_pence: int
    """What was paid more than once and is not given back."""
    said: Said = NOTHING_SAID
    state: State = "open"
    recovered: Recovered = NOTHING_RECOVERED

    @property
    def cause_id(self) -> str:
        """The first of the payments."""
        return self.payments[0].payment_id


Group = list[Paid]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One question, and which payments raise it."""

    code: Code
    title: str
    question: str
    find: Callable[[Iterable[Paid]], Iterator[Group]]
    usual: bool
    """Whether it is asked unless somebody asks for all."""


def duplicates(
    payments: Iterable[Paid],
    said: Mapping[str, tuple[Said, Recovered]],
    on: date,
    *,
    every: bool = False,
    settled: bool = False,
) -> list[Duplicate]:
    """What may have been paid twice, as it stands on a day: the most money first; a group is asked about once.

    `every` asks the rules too that are mostly wrong, `settled` what credits have given back whole: nothing is at stake
    there, and what came back can still be recorded.
    """
    paid = [each for each in payments if each.net_pence > 0]
    given_back: defaultdict[tuple[str, int], list[Paid]] = defaultdict(list)
    for each in sorted(payments, key=_when):
        if each.net_pence < 0:
            given_back[each.supplier_id, -each.net_pence].append(each)
    asked: dict[frozenset[str], Duplicate] = {}
    for rule in RULES:
        groups = [sorted(group, key=_when) for group in rule.find(paid)] if rule.usual or every else []
        for group in sorted(groups, key=lambda group: [_when(each) for each in group]):
            together = frozenset(each.payment_id for each in group)
            if any(together <= known for known in asked):
                continue
            found = _duplicate(rule.code, group, given_back)
            if found.at_stake_pence > 0 or settled:
                asked[together] = _answered(found, said, on)
    return sorted(asked.values(), key=lambda each: (-each.at_stake_pence, each.finding_id))


def _when(paid: Paid) -> tuple[date, str]:
    return paid.paid_on, paid.payment_id


def _duplicate(code: Code, group: Group, given_back: Mapping[tuple[str, int], Group]) -> Duplicate:
    """The question about a group; the credits that are netted give back nothing else."""
    amount, first = group[0].net_pence, group[0].paid_on
    credits: Group = []
    for payee in sorted({each.supplier_id for each in group}):
        free = given_back.get((payee, amount), [])
        taken = [credit for credit in free if credit.paid_on >= first][: len(group) - 1 - len(credits)]
        free[:] = [credit for credit in free if credit not in taken]
        credits += taken
    key = finding_id(code, "payment", group[0].payment_id)
    at_stake = amount * (len(group) - 1 - len(credits))
    return Duplicate(finding_id=key, code=code, payments=group, credits=credits, at_stake_pence=at_stake)


def _answered(found: Duplicate, said: Mapping[str, tuple[Said, Recovered]], on: date) -> Duplicate:
    answer, recovered = said.get(found.finding_id, (NOTHING_SAID, NOTHING_RECOVERED))
    return replace(found, said=answer, state=answer.state(on), recovered=recovered)


def _same_invoice(payments: Iterable[Paid]) -> Iterator[Group]:
    """One payee, number and amount, on more than one day: of each day the first, for the rest are lines of it.

    A ledger's document that comes again is no second one: the bank sent the money back, and it went out again.
    """
    for group in _grouped(payments, lambda paid: paid.of_one_invoice and (paid.supplier_id, paid.amount, paid.number)):
        days = _firsts(group, lambda paid: paid.paid_on)
        papers = _firsts(days, lambda paid: paid.document_number or paid.payment_id)
        if len(papers) > 1 and len(days) <= MOST_DAYS and not _of_other_times(papers):
            yield papers


def _of_other_times(payments: Iterable[Paid]) -> bool:
    """Whether their purposes tell them apart, as March's rent and June's."""
    told = [frozenset(_WHEN.findall(each.purpose.lower())) for each in payments]
    return all(told) and len(set(told)) == len(told)


def _other_payee(payments: Iterable[Paid]) -> Iterator[Group]:
    """One distinctive number and amount, and exactly two payees: one invoice that two were paid."""
    numbered = _grouped(payments, lambda paid: _distinctive(paid.of_one_invoice) and (paid.number, paid.amount))
    for group in numbered:
        payees = _firsts(group, lambda paid: paid.supplier_id)
        if len(payees) == 2:
            yield payees


def _distinctive(number: str | None) -> bool:
    return number is not None and sum(c.isdigit() for c in number) >= DISTINCTIVE


def _alike(alike: Callable[[str, str], bool], *, rare: bool = False) -> Callable[[Iterable[Paid]], Iterator[Group]]:
    """Numbers of one payee and amount that are alike, each to one of the others: of each number the first payment.

    If `rare`, only where the payee is paid the amount under no third number: in a series some pairs are always alike.
    """

    def find(payments: Iterable[Paid]) -> Iterator[Group]:
        for group in _grouped(payments, lambda paid: paid.of_one_invoice and (paid.supplier_id, paid.amount)):
            numbers = {each.number or "": each for each in _firsts(group, lambda paid: paid.number)}
            if rare and len(numbers) > 2:
                continue
            together: dict[str, set[str]] = {number: {number} for number in numbers}
            for one, other in combinations(sorted(numbers), 2):
                if together[one] is not together[other] and alike(one, other):
                    together[one] |= together[other]
                    together |= dict.fromkeys(together[one], together[one])
            for each in {id(part): part for part in together.values()}.values():
                if len(each) > 1:
                    yield [numbers[number] for number in each]

    return find


def suffixed(one: str, other: str) -> bool:
    """Whether two numbers differ by what is put before or behind one to have it taken again: INV, zeros, letters."""
    short, long = sorted((_PREFIX.sub("", one), _PREFIX.sub("", other)), key=lambda number: (len(number), number))
    if len(short) < SHORTEST or not long.startswith(short):
        return False
    suffix = long[len(short) :]
    return one != other and len(suffix) <= LONGEST_SUFFIX and (not suffix or suffix.isalpha())


def transposed(one: str, other: str) -> bool:
    """Whether two numbers differ by two neighbours that changed places."""
    return len(one) == len(other) and OSA.distance(one, other) == 1 and Levenshtein.distance(one, other) > 1


def _near_date(payments: Iterable[Paid]) -> Iterator[Group]:
    """Two payments without invoice numbers within a week, of an amount that the payee is not paid otherwise."""
    for group in _grouped(payments, lambda paid: (paid.supplier_id, paid.net_pence)):
        if len(group) != 2 or any(each.number for each in group):
            continue
        first, second = sorted(group, key=_when)
        alike = (first.department, first.purpose) == (second.department, second.purpose)
        if alike and timedelta() < second.paid_on - first.paid_on <= NEAR:
            yield group


def _firsts(payments: Iterable[Paid], by: Callable[[Paid], object]) -> Group:
    """The first payment of each."""
    return list({by(each): each for each in sorted(payments, key=_when, reverse=True)}.values())


def _grouped(payments: Iterable[Paid], key: Callable[[Paid], object]) -> list[Group]:
    """Payments that share a key, where there are several; those without one are left out."""
    found: defaultdict[object, Group] = defaultdict(list)
    for paid in payments:
        if at := key(paid):
            found[at].append(paid)
    return [group for group in found.values() if len(group) > 1]


RULES: tuple[Rule, ...] = (
    Rule(code="same_invoice", title="One invoice on two days", find=_same_invoice, usual=True,
         question="Was this invoice paid twice?"),
    Rule(code="suffixed_invoice", title="An invoice's number with a letter more", find=_alike(suffixed), usual=True,
         question="Was the number changed so that the ledger took the invoice again?"),
    Rule(code="other_payee", title="One invoice to two payees", find=_other_payee, usual=True,
         question="Whose invoice is it, and was it paid to both?"),
    Rule(code="transposed_invoice", title="Two digits that changed places", find=_alike(transposed, rare=True), usual=False,
         question="Was this invoice entered twice, once with a slip?"),
    Rule(code="near_date", title="The same amount within a week", find=_near_date, usual=False,
         question="Are these two purchases?"),
)  # fmt: skip
RULE: Mapping[Code, Rule] = {rule.code: rule for rule in RULES}
