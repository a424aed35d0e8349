"""On which of its supplier's contracts is a payment? For certain on one, or not, and why not; dated rules; pure.

A contract and its extensions are one agreement. Where several are in force the payment's own evidence decides, if it
speaks for one alone: the reference that it names, then an amount that is a contract's value or a part of it to the
penny, then the name under which the register has the contract, then what the contract is worth. Even the only one in
force is doubted where its term has just begun, where the supplier has had other agreements and the account names nothing
that this one is for, and where goods or works were bought and it is for services.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from msgspec import Struct

from schemas.account_words import SAYS_NOTHING
from schemas.spend import PaymentMatched, PaymentUnmatched, Unmatched
from schemas.supplier_names import normalised_name

RULES_DATED = date(2026, 11, 28)
MOST_CANDIDATES = 10
ABOVE_PERCENT = 20
"""A register may state a value without VAT, and a last invoice a little above it; more than this is another purchase."""
PARTS = (1, 2, 4, 12)
"""A year's worth is paid whole, or by half years, quarters or months."""
INVOICED_WITHIN = timedelta(days=7)
"""What is paid so soon after a term began was most often supplied before it."""
STEM = 5
"""Letters by which words are compared: `lease` is `leased`, and `telephone` `telephones`."""
_WORD = re.compile(r"[a-z]{4,}")
_SERVICES = re.compile(r"\b(advice|consultancy|licen[cs]|maintenance|servic|staffing|support)", re.IGNORECASE)
_GOODS_OR_WORKS = [
    (re.compile(account, re.IGNORECASE), re.compile(title, re.IGNORECASE))
    for account, title in (
        (
            r"(?=.*purch)(?=.*\b(equip|eqt|furn|goods|materials|plant|vehicle))",
            r"\b(equip|furniture|hardware|install|materials|plant|products|purchase|supply|vehicle)",
        ),
        (r"^(?!.*maint).*\bworks\b", r"\b(building|construct|improvement|install|refurb|repair|works)"),
    )
]
"""How an account says that goods were bought, or works, and how a contract's title would."""

Judgement = PaymentMatched | PaymentUnmatched


class KnownContract(Struct, frozen=True, kw_only=True, gc=False):
    """What spend must know of a contract to judge a payment."""

    contract_id: str
    reference: str | None
    starts_on: date | None
    ends_on: date | None
    extends: str | None = None
    """The contract that it extends or repeats: the same agreement, on another row of the register."""
    value_pence: int | None = None
    annual_pence: int | None = None
    supplier_name: str | None = None
    """As the register writes it on this contract; a number may stand on contracts of two names."""
    title: str | None = None


class Paid(Struct, frozen=True, kw_only=True, gc=False):
    """What is looked at of a payment; amounts in pence."""

    payment_id: str
    paid_on: date
    net_pence: int
    contract_reference: str | None = None
    supplier_name: str | None = None
    purpose: str | None = None
    """The account on which it is booked, in the payer's words."""


@dataclass(frozen=True, slots=True)
class _Agreement:
    whole: Sequence[KnownContract]
    in_force: Sequence[KnownContract]

    @property
    def values(self) -> Collection[int | None]:
        return [contract.value_pence for contract in self.whole]


def judge(paid: Paid, supplier_id: str | None, contracts: Sequence[KnownContract]) -> Judgement:
    """On a contract for certain, or not, and by what answer; `contracts` are all that the register has of the supplier.

    `supplier_id` is None where it is not certain who was paid: then no contract is. A contract reference on the payment
    narrows the contracts that are considered, when it names any, and then nothing else is asked.
    Of an agreement's rows in force the one that began last is named, of those of one day the one that others extend.
    """
    named = [c for c in contracts if paid.contract_reference and c.reference == paid.contract_reference]
    considered = named or contracts
    possible = [c for c in considered if not (_begins_after(c, paid.paid_on) or _ended_before(c, paid.paid_on))]
    if supplier_id is not None and all(map(_dated, possible)):
        agreements = _agreements(possible, contracts)
        certain = _only(agreements) if named else _certain(paid, agreements, contracts)
        if certain is not None:
            contract = _latest(certain.in_force).contract_id
            return PaymentMatched(payment_id=paid.payment_id, supplier_id=supplier_id, contract_id=contract)
    return PaymentUnmatched(
        payment_id=paid.payment_id,
        answer=_answer(considered, possible, paid.paid_on),
        supplier_id=supplier_id,
        candidates=tuple(sorted(c.contract_id for c in possible or considered)[:MOST_CANDIDATES]),
    )


def _certain(paid: Paid, agreements: Sequence[_Agreement], contracts: Sequence[KnownContract]) -> _Agreement | None:
    exact = [each for each in agreements if any(is_part(paid.net_pence, contract) for contract in each.in_force)]
    if len(exact) == 1:
        return exact[0]
    left = [each for each in agreements if not outgrown(paid.net_pence, each.values)]
    if any(in_own_name(paid, contract) for contract in contracts):
        left = [each for each in left if any(in_own_name(paid, contract) for contract in each.in_force)]
    only = _only(left)
    if only is None or just_begun(paid, only.whole):
        return None
    return None if another_purchase(paid, only.whole, contracts) or another_kind(paid, only.whole) else only


def is_part(net_pence: int, contract: KnownContract) -> bool:
    """Whether an amount is a contract's value, or its annual value or a usual part of that, to the penny."""
    annual = contract.annual_pence or contract.value_pence
    return net_pence > 0 and (
        net_pence == contract.value_pence or any(annual and abs(parts * net_pence - annual) < parts for parts in PARTS)
    )


def outgrown(net_pence: int, values: Collection[int | None]) -> bool:
    """Whether a payment alone is more than all that a contract and its extensions are worth together.

    A contract whose value is not stated, or is nought, may be worth anything.
    """
    known = [value for value in values if value]
    return len(known) == len(values) and 100 * net_pence > (100 + ABOVE_PERCENT) * sum(known)


def in_own_name(paid: Paid, contract: KnownContract) -> bool:
    """Whether the register has a contract under a name that has a word in common with the payee's."""
    if paid.supplier_name is None or contract.supplier_name is None:
        return True
    return bool(_name(paid.supplier_name) & _name(contract.supplier_name))


def just_begun(paid: Paid, whole: Sequence[KnownContract]) -> bool:
    """Whether a payment is within a week of the first day of an agreement."""
    return paid.paid_on - min(contract.starts_on or date.min for contract in whole) <= INVOICED_WITHIN


def another_purchase(paid: Paid, whole: Sequence[KnownContract], contracts: Sequence[KnownContract]) -> bool:
    """Whether the account names something and this agreement nothing of it, where the supplier has had others.

    The payee's own name in the account, `Aspire management fee`, says nothing.
    """
    account = _stems(paid.purpose) - _stems(paid.supplier_name)
    titles = [each.title for each in whole if each.title]
    if not account or not titles or len(whole) == len(contracts):
        return False
    return not any(account & _stems(title) for title in titles)


def another_kind(paid: Paid, whole: Sequence[KnownContract]) -> bool:
    """Whether the account is for goods or works, and all that this agreement names is services.

    Works, supplies and services are the kinds of public contract (Public Contracts Regulations 2015, reg. 2(1)).
    """
    title = " ".join(each.title or "" for each in whole)
    return bool(_SERVICES.search(title)) and any(
        bought.search(paid.purpose or "") and not sold.search(title) for bought, sold in _GOODS_OR_WORKS
    )


def _stems(text: str | None) -> set[str]:
    return {word[:STEM] for word in _WORD.findall((text or "").lower()) if word not in SAYS_NOTHING}


def _name(name: str) -> set[str]:
    return set(normalised_name(name).split())


def _only(agreements: Sequence[_Agreement]) -> _Agreement | None:
    return agreements[0] if len(agreements) == 1 else None


def _agreements(possible: Sequence[KnownContract], contracts: Sequence[KnownContract]) -> Sequence[_Agreement]:
    extends = {c.contract_id: c.extends for c in contracts}
    whole: defaultdict[str, list[KnownContract]] = defaultdict(list)
    in_force: defaultdict[str, list[KnownContract]] = defaultdict(list)
    for contract in contracts:
        whole[_beginning(contract, extends)].append(contract)
    for contract in possible:
        in_force[_beginning(contract, extends)].append(contract)
    return [_Agreement(whole[beginning], rows) for beginning, rows in in_force.items()]


def _beginning(contract: KnownContract, extends: Mapping[str, str | None]) -> str:
    """The contract at the beginning of all extensions; a ring of them is known by its least id."""
    chain = [contract.contract_id]
    while (parent := extends.get(chain[-1])) is not None:
        if parent in chain:
            return min(chain[chain.index(parent) :])
        chain.append(parent)
    return chain[-1]


def _latest(possible: Sequence[KnownContract]) -> KnownContract:
    return max(possible, key=lambda c: (c.starts_on or date.min, c.extends is None, c.contract_id))


def _begins_after(contract: KnownContract, on: date) -> bool:
    return contract.starts_on is not None and contract.starts_on > on


def _ended_before(contract: KnownContract, on: date) -> bool:
    return contract.ends_on is not None and contract.ends_on < on


def _dated(contract: KnownContract) -> bool:
    return contract.starts_on is not None and contract.ends_on is not None


def _answer(considered: Sequence[KnownContract], possible: Sequence[KnownContract], on: date) -> Unmatched:
    if not considered:
        return "no_contract"
    if possible:
        return "ambiguous"
    return "early" if all(_begins_after(c, on) for c in considered) else "expired"
