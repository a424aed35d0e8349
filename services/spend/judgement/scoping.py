"""In which scope is a payment placed, and in which category, on whose word? Pure."""

from msgspec.structs import replace

from schemas.spend import PaymentScoped, Scope
from services.spend.judgement import category
from services.spend.judgement.category import category_of
from services.spend.judgement.scope import RULES_DATED, scope_of

DECIDED = "a person decided"
"""The rule of a payment whose scope a person said."""


def scoped(
    payment_id: str,
    supplier_name: str,
    purpose: str,
    *,
    withheld: bool,
    decided: Scope | None = None,
    proclass_code: str | None = None,
    cpv_code: str | None = None,
) -> PaymentScoped:
    """What kind of payment it is, and what was bought as far as its account says; what a person `decided` stands."""
    scope, rule = scope_of(supplier_name, purpose, withheld=withheld)
    if decided is not None:
        scope, rule = decided, DECIDED
    bought = category_of(purpose, proclass_code, cpv_code) if scope in category.BOUGHT else None
    placed = PaymentScoped(payment_id=payment_id, scope=scope, rule=rule, rules_dated=RULES_DATED)
    if bought is None:
        return placed
    return replace(
        placed,
        category_code=bought.code,
        category_rule=bought.words,
        category_confidence=bought.confidence,
        category_rules_dated=category.RULES_DATED,
    )
