"""What the spend service publishes of what was bought, and of what persons decided against the rules."""

from datetime import date
from typing import Literal

from schemas.fact import Fact

Scope = Literal[
    "contract_spend", "public_body", "grant", "rent", "rates", "refund", "withheld", "unknown", "levy", "card"
]
"""What kind of payment it is, before anyone asks whether it was on contract."""

Confidence = Literal["high", "medium", "low"]
"""How sure a rule is: it names the thing; a kind of thing; or what is mostly meant."""


class PaymentScoped(Fact):
    """A payment was placed in a scope, and its account in a category, by dated rules; or a person placed it."""

    payment_id: str
    scope: Scope
    rule: str
    """The rule that decided, in plain words."""
    rules_dated: date
    category_code: str | None = None
    """ProClass 17; null where the account does not say what was bought. What the contract says goes before it."""
    category_rule: str | None = None
    """The rule that decided, in plain words."""
    category_confidence: Confidence | None = None
    category_rules_dated: date | None = None


class PaymentScopeDecided(Fact, personal=("reason",)):
    """A person decided what kind of payment it is, against the rules, or took that back."""

    payment_id: str
    decision: Literal["decided", "withdrawn"]
    """withdrawn: as if it had never been decided; the rules say again."""
    scope: Scope
    """What was decided, now or, where it is withdrawn, before."""
    reason: str


class PaymentCategoryDecided(Fact, personal=("reason",)):
    """A person decided what was bought, whatever contract and account say, or took that back."""

    payment_id: str
    decision: Literal["decided", "withdrawn"]
    category_code: str
    """ProClass 17; what was decided, now or, where it is withdrawn, before."""
    reason: str
