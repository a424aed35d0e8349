"""The policy's answers as SQL; a test holds them to `gateway.policy`, row by row."""

from gateway.policy import PUBLIC_ABOVE_PENCE, Viewer
from gateway.reads.sql import Question
from schemas.individuals import AS_SQL


def payment_visible(question: Question, viewer: Viewer) -> str:
    """Which payments `p` this viewer may see."""
    public = f"abs(p.net_pence) > {PUBLIC_ABOVE_PENCE}"
    return f"({whole(question, viewer, 'p')} OR {public})"


def whole(question: Question, viewer: Viewer, alias: str) -> str:
    """Rows of organisations that this viewer sees whole."""
    if not viewer.whole:
        return "false"
    return f"{alias}.organisation = ANY({question.value(viewer.whole)})"


INDIVIDUAL = AS_SQL.format(name="p.supplier_name")


KEPT_BACK = (
    "(p.organisation, p.payee_id) IN (SELECT w.organisation, w.payee_id FROM live.withheld_payee w"
    " WHERE w.withheld AND {known})"
)
"""Whether a person withheld the payee of payment `p`, by what of `w` is known."""
KNOWN_NOW = "w.known_to = 'infinity'"
"""What is withheld now is withheld also from who asks as it was known before."""


def named(question: Question, viewer: Viewer) -> str:
    """Whether this viewer may know whom payment `p` was made to: not where it was withheld, or it is a person."""
    return f"({whole(question, viewer, 'p')} OR NOT p.withheld AND NOT {INDIVIDUAL} AND NOT {KEPT_BACK.format(known=KNOWN_NOW)})"


def unless_withheld(question: Question, viewer: Viewer, column: str) -> str:
    """A column of payment `p` that tells who was paid: null where that is withheld."""
    return f"CASE WHEN {named(question, viewer)} THEN {column} END"
