"""Of several contracts that a payment may be on, which is the likeliest, and why? Proposed, never asserted; pure.

Each thing that fits is said in words and counts for so much: the reference that the payment names most, then the order,
what was bought, the term, the words of the account, the amount, the part of the organisation. A person decides
(`PaymentAllocated`); a rank alone puts nothing on a contract.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gateway.reads.categories import category_of
from gateway.reads.shapes import Contract, Payment
from schemas.account_words import SAYS_NOTHING
from schemas.proclass import first_level

RULES_DATED = date(2026, 11, 28)
_WORD = re.compile(r"[a-z]{4,}")
REFERENCE, ORDER, CATEGORY, TERM, WORDS, AMOUNT, UNIT = 64, 32, 16, 8, 4, 2, 1
"""One thing outweighs all that come after it together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A contract that may be the payment's, and what speaks for it."""

    contract: Contract
    score: int
    evidence: tuple[str, ...]


def ranked(payment: Payment, contracts: Iterable[Contract]) -> list[Candidate]:
    """The contracts, the likeliest first; of those that are equally likely the one that began last."""
    found = [_candidate(payment, each) for each in contracts]
    return sorted(
        found, key=lambda c: (-c.score, -(c.contract.starts_on or date.min).toordinal(), c.contract.contract_id)
    )


def _candidate(payment: Payment, contract: Contract) -> Candidate:
    fits = [(weight, words) for weight, words, holds in _evidence(payment, contract) if holds]
    return Candidate(
        contract=contract, score=sum(weight for weight, _ in fits), evidence=tuple(words for _, words in fits)
    )


def _evidence(payment: Payment, contract: Contract) -> list[tuple[int, str, bool]]:
    category, value = category_of(payment), contract.value_pence
    same_category = bool(
        category and contract.category_code and first_level(contract.category_code) == category.first_level
    )
    return [
        (REFERENCE, "its reference is named",
         payment.contract_reference is not None and payment.contract_reference == contract.reference),
        (ORDER, "its order is among those named", bool(payment.judged_by_order)),
        (CATEGORY, "what was bought is of its category", same_category),
        (TERM, "in force on the day", _in_force(contract, payment.paid_on)),
        (WORDS, "words of the account are in its title",
         bool(_words(payment.purpose) & _words(f"{contract.title} {contract.description} {contract.category_label}"))),
        (AMOUNT, "the amount is within its value", value is not None and 0 < payment.net_pence <= value),
        (UNIT, "bought by the same part of the organisation",
         bool(_words(payment.department) & _words(contract.directorate))),
    ]  # fmt: skip


def _in_force(contract: Contract, on: date) -> bool:
    return (contract.starts_on is not None and contract.starts_on <= on) and (
        contract.ends_on is not None and on <= contract.ends_on
    )


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower())) - SAYS_NOTHING
