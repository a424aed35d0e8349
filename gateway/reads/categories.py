"""What was bought: as a person decided, else as the contract says, else as the account does; else unknown."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gateway.reads.shapes import Payment
from gateway.reads.sql import Question
from schemas import proclass

Source = Literal["person", "contract", "account"]
CODE = "coalesce(p.category_decided, nullif(k.category_code, ''), p.category_code)"
FIRST_LEVEL = (
    f"CASE WHEN {CODE} IS NULL THEN '' WHEN left({CODE}, 2) IN ('32', '40', '41') THEN '{proclass.SOCIAL_CARE}'"
    f" ELSE left({CODE}, 2) || '0000' END"
)
"""As `proclass.first_level`; empty where nobody can say. A test holds the two to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What was bought, on whose word."""

    code: str
    """ProClass 17, on the level that the source gives."""
    name: str
    first_level: str
    source: Source
    confidence: str
    because: str
    rules_dated: date | None
    """Of the rules for accounts."""


def contract_join(question: Question) -> str:
    """The contract `k` of each payment `p`."""
    return (
        "LEFT JOIN live.contract k ON k.organisation = p.organisation"
        f" AND k.contract_id = p.contract_id AND {question.known('k')}"
    )


def contracts_category(question: Question) -> str:
    """What the contract of payment `p` says was bought, for few payments."""
    return (
        "(SELECT nullif(k.category_code, '') FROM live.contract k WHERE k.organisation = p.organisation"
        f" AND k.contract_id = p.contract_id AND {question.known('k')})"
    )


def category_of(payment: Payment) -> Category | None:
    """A payment's category; None where nobody can say."""
    if payment.category_decided:
        return _category(payment.category_decided, "person", "high", "a person decided", None)
    if payment.contract_category:
        return _category(payment.contract_category, "contract", "high", "the register says so of the contract", None)
    if payment.category_code:
        because, confidence = payment.category_rule or "", payment.category_confidence or "low"
        return _category(payment.category_code, "account", confidence, because, payment.category_rules_dated)
    return None


def _category(code: str, source: Source, confidence: str, because: str, rules_dated: date | None) -> Category:
    return Category(
        code=code,
        name=proclass.category_name(code),
        first_level=proclass.first_level(code),
        source=source,
        confidence=confidence,
        because=because,
        rules_dated=rules_dated,
    )
