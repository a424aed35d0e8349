"""What was bought: on a person's word, else the contract's, the order's, the payer's, the account's, the supplier's trade; else unknown."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gateway.reads.shapes import Payment
from gateway.reads.sql import Question
from schemas import proclass

Source = Literal["person", "contract", "order", "account", "supplier"]
"""`account` is the payer's own code too; `supplier` what companies of its SIC code mostly sell."""
CODE = "coalesce(p.category_decided, nullif(k.category_code, ''), o.proclass_code, p.category_code, t.proclass_code)"
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


_NUMBER = "coalesce(p.company_number, CASE WHEN p.supplier_id ^@ 'GB-COH-' THEN substr(p.supplier_id, 8) END)"
_BOUGHT = "p.scope IN ('contract_spend', 'card', 'unknown')"
"""Only then the supplier's trade says what was bought: a grant to a builder bought no building."""


def category_joins(question: Question) -> str:
    """The contract `k` of each payment `p`, and the company `t` of its supplier."""
    return (
        "LEFT JOIN live.contract k ON k.organisation = p.organisation"
        f" AND k.contract_id = p.contract_id AND {question.known('k')}"
        " LEFT JOIN live.purchase_order o ON o.organisation = p.organisation"
        f" AND o.purchase_order = p.purchase_order AND {question.known('o')}"
        f" LEFT JOIN live.company t ON t.organisation = p.organisation AND t.company_number = {_NUMBER}"
        f" AND {_BOUGHT} AND {question.known('t')}"
    )


def contracts_category(question: Question) -> str:
    """What the contract of payment `p` says was bought, for few payments."""
    return (
        "(SELECT nullif(k.category_code, '') FROM live.contract k WHERE k.organisation = p.organisation"
        f" AND k.contract_id = p.contract_id AND {question.known('k')})"
    )


def orders_category(question: Question) -> str:
    """What the order of payment `p` says was ordered, for few payments."""
    return (
        "(SELECT o.proclass_code FROM live.purchase_order o WHERE o.organisation = p.organisation"
        f" AND o.purchase_order = p.purchase_order AND {question.known('o')})"
    )


def suppliers_category(question: Question) -> str:
    """What the supplier of payment `p` mostly sells, for few payments."""
    return (
        f"(SELECT t.proclass_code FROM live.company t WHERE t.organisation = p.organisation AND {_BOUGHT}"
        f" AND t.company_number = {_NUMBER} AND {question.known('t')})"
    )


def category_of(payment: Payment) -> Category | None:
    """A payment's category; None where nobody can say."""
    if payment.category_decided:
        return _category(payment.category_decided, "person", "high", "a person decided", None)
    if payment.contract_category:
        return _category(payment.contract_category, "contract", "high", "the register says so of the contract", None)
    if payment.order_category:
        return _category(payment.order_category, "order", "high", "its purchase order says so", None)
    if payment.category_code:
        because, confidence = payment.category_rule or "", payment.category_confidence or "low"
        return _category(payment.category_code, "account", confidence, because, payment.category_rules_dated)
    if payment.supplier_category:
        because = "companies of its supplier's SIC code mostly sell this"
        return _category(payment.supplier_category, "supplier", "low", because, None)
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
