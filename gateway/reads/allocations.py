"""Which contracts bear which shares of a payment, where persons decided? And what of a payment one contract bears, as SQL."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.reads.filters import PaymentFilter
from gateway.reads.sql import Database, Question
from gateway.reads.times import NOW, Times
from gateway.reads.visible import named

if TYPE_CHECKING:
    from gateway.policy import Viewer

_OF = "a.organisation = p.organisation AND a.payment_id = p.payment_id AND a.of_pence = p.net_pence"
"""A share counts while the whole of which it is one is what the payment comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a contract bears of a payment, and why; nobody is told of a payee who is withheld from them."""

    contract_id: str
    share_pence: int
    reason: str | None
    """Null where it is not for this viewer."""


def borne_by(question: Question, contract: str) -> str:
    """Payments `p` that a contract bears, wholly or in part."""
    shared = (
        f"SELECT a.payment_id FROM live.allocation a WHERE a.contract_id = {contract} AND a.share_pence <> 0"
        f" AND {question.known('a')}"
    )
    whole = (
        f"EXISTS (SELECT FROM live.allocation a WHERE {_OF} AND a.contract_id = {contract} AND {question.known('a')})"
    )
    return (
        f"(p.contract_id = {contract} OR p.payment_id = ANY(ARRAY({shared})) AND p.answer = 'on_contract'"
        f" AND p.allocated_contract_id IS NOT NULL AND {whole})"
    )


def borne(question: Question, where: PaymentFilter) -> str:
    """Pence of payment `p`: of a list of what one contract bears its share, else the whole."""
    if where.contract_id is None:
        return "p.net_pence"
    contract = question.value(where.contract_id)
    return (
        "coalesce((SELECT a.share_pence FROM live.allocation a"
        f" WHERE {_OF} AND a.contract_id = {contract} AND a.share_pence <> 0 AND {question.known('a')}), p.net_pence)"
    )


def joined(question: Question) -> str:
    """The share `a` of each contract that bears a part of payment `p`, where persons decided."""
    return (
        f"LEFT JOIN live.allocation a ON {_OF} AND p.allocated_contract_id IS NOT NULL AND a.share_pence <> 0"
        f" AND {question.known('a')}"
    )


async def shares(
    db: Database, viewer: "Viewer", organisation: str, payment_id: str, *, times: Times = NOW
) -> list[Share]:
    """The shares of a payment that stand, the largest first; none where nobody decided."""
    question = Question(times)
    rows = await db.fetch(
        "SELECT a.contract_id, a.share_pence, a.reason FROM live.allocation a JOIN live.payment p ON"
        f" {_OF} AND {question.known('p')} WHERE a.organisation = {question.value(organisation)}"
        f" AND a.payment_id = {question.value(payment_id)} AND a.share_pence <> 0 AND {question.known('a')}"
        f" AND p.allocated_contract_id IS NOT NULL AND {named(question, viewer)} ORDER BY abs(a.share_pence) DESC, a.contract_id",
        *question.values,
    )
    own = organisation in viewer.whole
    return [
        Share(contract_id=row["contract_id"], share_pence=row["share_pence"], reason=row["reason"] if own else None)
        for row in rows
    ]
