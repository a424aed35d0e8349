"""What of an organisation's contract spend is to be explained? Dated rules over its payments and its register; pure.

A finding asks and never accuses: a published register is not the whole register, and there may be a good answer. There
is one for each cause, a contract or a supplier, however many payments it stands on, and it says what it was computed
from. Only contract spend is asked about; payments whose payee is withheld are nobody's and are left out. A rule that is
more often wrong than right on real data (`make eval-findings`) is off, and answers only where it is asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gateway.bands import BAND_PENCE, BANDS, months_between, most_in_twelve, pounds
from gateway.booked_rules import card_on_contract, late_order, missing_reference, other_party
from gateway.category_rules import category_total
from gateway.finding_shapes import (
    NOTHING_SAID,
    Cause,
    Code,
    ContractPaid,
    Finding,
    Seen,
    Single,
    Unmatched,
    summed,
)
from schemas.findings import finding_id

RULES_DATED = date(2026, 11, 24)
NEARLY = 80
"""Percent of the band from which a payment is called just below it."""
SPLIT_DAYS = 30
SPLIT_PAYMENTS = 3
MONTHS_OF_GRACE = 1
"""Calendar months after that of a contract's end: invoices are paid within thirty days (Procurement Act 2023, s. 68)."""
LONGER_THAN_A_YEAR = timedelta(days=548)
"""A year and a half: a shorter term may be one year, begun early or ended late."""
OVER_PERCENT = 10
"""Percent by which a contract year may exceed the annual value: registers state it as an estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One question, and how it is found."""

    code: Code
    title: str
    question: str
    source: str
    find: Callable[[Seen], Iterator[Finding]]
    on: bool = True


def findings(seen: Seen, on: date, also: Collection[str] = ()) -> list[Finding]:
    """All that is, or was, to be explained as it stands on a day, the most money first.

    Of a rule that is off, what somebody has answered or is to answer; all of it where its code is among `also`.
    """
    found = [
        _answered(finding, seen, on)
        for rule in RULES
        for finding in rule.find(seen)
        if rule.on or rule.code in also or finding.finding_id in seen.said
    ]
    return sorted(found, key=lambda each: (-each.at_stake_pence, each.finding_id))


def _answered(finding: Finding, seen: Seen, on: date) -> Finding:
    said = seen.said.get(finding.finding_id, NOTHING_SAID)
    return replace(finding, said=said, state=said.state(on))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one rule comes to."""

    rule: Rule
    count: int
    at_stake_pence: int


def by_rule(found: Iterable[Finding]) -> list[Asked]:
    """Every rule that is on, or has findings, with those that it has, in the order of the rules."""
    at_stake: defaultdict[str, list[int]] = defaultdict(list)
    for each in found:
        at_stake[each.code].append(each.at_stake_pence)
    return [
        Asked(rule=rule, count=len(at_stake[rule.code]), at_stake_pence=sum(at_stake[rule.code]))
        for rule in RULES
        if rule.on or at_stake[rule.code]
    ]


def _finding(
    code: Code, cause: Cause, cause_id: str, name: str, paid: tuple[int, int], at_stake: int, /, **inputs: str
) -> Finding:
    key = finding_id(code, cause, cause_id)
    return Finding(
        finding_id=key, code=code, cause=cause, cause_id=cause_id, name=name, at_stake_pence=at_stake,
        payments=paid[0], inputs=inputs,
    )  # fmt: skip


def _no_contract(seen: Seen) -> Iterator[Finding]:
    """Twelve months in a row in which a supplier without a contract reaches the band; it may be one of the register's."""
    for supplier, months in _by_supplier(seen, "no_contract").items():
        most, first = most_in_twelve((each.month, each.net_pence) for each in months)
        if most >= BAND_PENCE:
            paid = summed((each.payments, each.net_pence) for each in months)
            may_be = seen.may_be.get(supplier, ())
            yield _finding(
                "no_contract", "supplier", supplier, months[0].name, paid, paid[1],
                band=pounds(BAND_PENCE), most_in_twelve_months=pounds(most), from_month=f"{first:%Y-%m}",
                **({"may_be": " or ".join(may_be)} if may_be else {}),
            )  # fmt: skip


def _after_end(seen: Seen) -> Iterator[Finding]:
    """What was supplied in the last days is invoiced and paid in the month of the end or the next: nobody asks that."""
    for supplier, months in _by_supplier(seen, "expired").items():
        late = [each for each in months if _months_after(seen, each) > MONTHS_OF_GRACE]
        paid = summed((each.payments, each.net_pence) for each in late)
        if paid[1] > 0:
            ends = [end for each in late if (end := _last_end(seen, each)) is not None]
            last = max(ends).isoformat() if ends else "not stated"
            yield _finding("after_end", "supplier", supplier, late[0].name, paid, paid[1], last_end=last)


def _last_end(seen: Seen, each: Unmatched) -> date | None:
    """The last day of those of its contracts that had ended by then; others may begin later."""
    before = each.month + timedelta(days=31)
    ends = (contract.ends_on for contract in _considered(seen, [each]))
    return max((end for end in ends if end is not None and end < before), default=None)


def _months_after(seen: Seen, each: Unmatched) -> int:
    end = _last_end(seen, each)
    return MONTHS_OF_GRACE + 1 if end is None else months_between(end, each.month)


def _before_start(seen: Seen) -> Iterator[Finding]:
    for supplier, months in _by_supplier(seen, "early").items():
        paid = summed((each.payments, each.net_pence) for each in months)
        starts = [contract.starts_on for contract in _considered(seen, months) if contract.starts_on is not None]
        if paid[1] > 0:
            first = min(starts).isoformat() if starts else "not stated"
            yield _finding("before_start", "supplier", supplier, months[0].name, paid, paid[1], first_start=first)


def _over_value(seen: Seen) -> Iterator[Finding]:
    for contract in seen.contracts.values():
        paid = contract.paid
        if contract.value_pence and paid[1] > contract.value_pence and not value_of_a_year(contract):
            yield _finding(
                "over_value", "contract", contract.contract_id, contract.title, paid, paid[1] - contract.value_pence,
                value=pounds(contract.value_pence), total_paid=pounds(paid[1]),
            )  # fmt: skip


def value_of_a_year(contract: ContractPaid) -> bool:
    """Whether a register that states one sum for a year and for a term of several may mean that of a year."""
    if contract.starts_on is None or contract.ends_on is None or contract.annual_pence != contract.value_pence:
        return False
    return contract.ends_on - contract.starts_on > LONGER_THAN_A_YEAR


def _over_annual(seen: Seen) -> Iterator[Finding]:
    for contract in seen.contracts.values():
        if not contract.annual_pence or (
            contract.annual_pence == contract.value_pence and not value_of_a_year(contract)
        ):
            continue  # a contract of one year: its whole value is asked about already
        allowed = contract.annual_pence * (100 + OVER_PERCENT) // 100
        over = {year: paid for year, paid in contract.by_year.items() if paid[1] > allowed}
        if over:
            yield _finding(
                "over_annual", "contract", contract.contract_id, contract.title, summed(over.values()),
                sum(pence - contract.annual_pence for _, pence in over.values()),
                annual=pounds(contract.annual_pence), years=", ".join(str(year + 1) for year in sorted(over)),
                most_in_a_year=pounds(max(pence for _, pence in over.values())),
            )  # fmt: skip


def _splitting(seen: Seen) -> Iterator[Finding]:
    """Several payments in a short time that are each just below the band and together above it."""
    near: defaultdict[str, list[Single]] = defaultdict(list)
    for single in seen.singles:
        if BAND_PENCE * NEARLY // 100 <= single.net_pence < BAND_PENCE:
            near[single.supplier_id].append(single)
    for supplier, singles in near.items():
        together = _closest(sorted(singles, key=lambda each: each.paid_on))
        if len(together) >= SPLIT_PAYMENTS:
            paid = (len(together), sum(each.net_pence for each in together))
            yield _finding(
                "splitting", "supplier", supplier, together[0].name, paid, paid[1],
                band=pounds(BAND_PENCE), first=together[0].paid_on.isoformat(), last=together[-1].paid_on.isoformat(),
            )  # fmt: skip


def _closest(singles: Sequence[Single]) -> Sequence[Single]:
    """The most payments that lie within the days of the rule; of several the first."""
    best: Sequence[Single] = ()
    for i, first in enumerate(singles):
        within = [each for each in singles[i:] if each.paid_on - first.paid_on <= timedelta(days=SPLIT_DAYS)]
        best = within if len(within) > len(best) else best
    return best


def _by_supplier(seen: Seen, answer: str) -> Mapping[str, list[Unmatched]]:
    found: defaultdict[str, list[Unmatched]] = defaultdict(list)
    for each in seen.unmatched:
        if each.answer == answer:
            found[each.supplier_id].append(each)
    return {supplier: sorted(months, key=lambda each: each.month) for supplier, months in found.items()}


def _considered(seen: Seen, months: Iterable[Unmatched]) -> list[ContractPaid]:
    ids = {candidate for each in months for candidate in each.candidates}
    return [seen.contracts[each] for each in ids if each in seen.contracts]


RULES: tuple[Rule, ...] = (
    Rule(code="no_contract", title="No contract found", find=_no_contract, source=BANDS,
         question="Under which contract, or which exemption, was this bought?"),
    Rule(code="after_end", title="Paid after the end", find=_after_end,
         source="the register's last day of each contract, extensions included",
         question="Was it extended, or is a later contract missing from the register?"),
    Rule(code="before_start", title="Paid before the start", find=_before_start,
         source="the register's first day of each contract",
         question="Was this bought under an earlier contract, or before the award?"),
    Rule(code="over_value", title="More than the contract's value", find=_over_value,
         source="the register's total value, extensions included (Procurement Act 2023, ss. 74 and 75)",
         question="Was the contract varied, or does the register state its value without VAT or extensions?"),
    Rule(code="over_annual", title="More than a year's value", find=_over_annual,
         source=f"the register's annual value and {OVER_PERCENT} per cent, by years of the contract's term",
         question="Was more bought than planned, or is the annual value out of date?"),
    Rule(code="late_order", title="Ordered after the invoice", find=late_order, source="the ledger's purchase orders",
         question="Why was the order raised after the invoice?"),
    Rule(code="other_party", title="Paid to another than the contract's supplier", find=other_party,
         source="the contract that the payment names, and the register",
         question="Was the contract assigned, or the wrong reference booked?"),
    Rule(code="card_on_contract", title="Bought by card beside a contract", find=card_on_contract,
         source="purchasing card payments and the register",
         question="Could this have been bought under the supplier's contract?"),
    Rule(code="category_total", title="A category's total without a contract", find=category_total, source=BANDS,
         question="Should what many suppliers are paid for be bought together?"),
    Rule(code="missing_reference", title="Neither order nor contract is named", find=missing_reference,
         source="the references on the organisation's other payments of that size",
         question="Under which order or contract was this paid?"),
    Rule(code="splitting", title="Several payments just below a band", find=_splitting, source=BANDS, on=False,
         question="Was this one need, bought in parts?"),
)  # fmt: skip
RULE: Mapping[Code, Rule] = {rule.code: rule for rule in RULES}
