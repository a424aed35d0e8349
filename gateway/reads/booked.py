"""What do the rules for a payment's own booking look at: orders, contracts that are named, cards?"""

from typing import Any

from gateway.bands import BAND_PENCE
from gateway.finding_shapes import Carded, Named, Ordered, Referenced
from gateway.policy import Viewer
from gateway.reads.filters import PaymentFilter
from gateway.reads.payments import source
from gateway.reads.sql import Database, Question
from gateway.reads.times import Times

_SUPPLIER = "coalesce(y.supplier_id, p.supplier_id)"


async def ordered(db: Database, viewer: Viewer, organisation: str, times: Times) -> list[Ordered]:
    """Payments under orders that were raised after the invoice."""
    question = Question(times)
    rows = await _paid(
        db, viewer, organisation, question, "contract_spend",
        f"coalesce({_SUPPLIER}, p.payee_id) AS supplier_id, p.supplier_name AS name, p.purchase_order, o.raised_on,"
        " coalesce(p.invoice_date, p.paid_on) AS invoiced_on, p.net_pence",
        "JOIN live.purchase_order o ON o.organisation = p.organisation AND o.purchase_order = p.purchase_order"
        f" AND {question.known('o')}",
        "o.raised_on > coalesce(p.invoice_date, p.paid_on)",
    )  # fmt: skip
    return [Ordered(**row) for row in rows]


async def named(db: Database, viewer: Viewer, organisation: str, times: Times) -> list[Named]:
    """Payments that name a contract by a reference that no contract of their payee bears."""
    question = Question(times)
    own = (
        "EXISTS (SELECT FROM live.contract w WHERE w.organisation = p.organisation AND w.reference = p.contract_reference"
        f" AND w.supplier_id = {_SUPPLIER} AND {question.known('w')})"
    )
    rows = await _paid(
        db, viewer, organisation, question, "contract_spend",
        "DISTINCT ON (p.payment_id) c.contract_id, c.title, c.supplier_id AS contract_supplier_id,"
        f" {_SUPPLIER} AS supplier_id, p.supplier_name AS name, p.net_pence",
        "JOIN live.contract c ON c.organisation = p.organisation AND c.reference = p.contract_reference"
        f" AND c.supplier_id IS NOT NULL AND {question.known('c')}",
        f"{_SUPPLIER} IS NOT NULL AND NOT {own} ORDER BY p.payment_id, c.contract_id",
    )  # fmt: skip
    return [Named(**row) for row in rows]


async def carded(db: Database, viewer: Viewer, organisation: str, times: Times) -> list[Carded]:
    """Card payments to suppliers with a contract on the day."""
    question = Question(times)
    rows = await _paid(
        db, viewer, organisation, question, "card",
        f"DISTINCT ON (p.payment_id) {_SUPPLIER} AS supplier_id, p.supplier_name AS name, c.title, c.starts_on,"
        " c.ends_on, p.paid_on, p.net_pence",
        f"JOIN live.contract c ON c.organisation = p.organisation AND c.supplier_id = {_SUPPLIER}"
        f" AND p.paid_on BETWEEN c.starts_on AND c.ends_on AND {question.known('c')}",
        "true ORDER BY p.payment_id, c.starts_on DESC, c.contract_id",
    )  # fmt: skip
    return [Carded(**row) for row in rows]


async def referenced(db: Database, viewer: Viewer, organisation: str, times: Times) -> list[Referenced]:
    """Contract spend from the band on, and whether each payment names an order or a contract."""
    rows = await _paid(
        db, viewer, organisation, Question(times), "contract_spend",
        f"coalesce({_SUPPLIER}, p.payee_id) AS supplier_id, p.supplier_name AS name, p.net_pence,"
        " p.purchase_order IS NOT NULL OR p.contract_reference IS NOT NULL AS named",
        "",
        f"p.net_pence >= {BAND_PENCE} ORDER BY p.paid_on, p.payment_id",
    )  # fmt: skip
    return [Referenced(**row) for row in rows]


async def _paid(
    db: Database, viewer: Viewer, organisation: str, question: Question, scope: str, select: str, join: str, only: str
) -> list[Any]:
    from_ = source(question, viewer, PaymentFilter(organisation=organisation, scope=scope, withheld=False))
    found: list[Any] = await db.fetch(
        f"SELECT {select} {from_} LEFT JOIN live.payee y ON y.organisation = p.organisation AND y.payee_id = p.payee_id"
        f" AND {question.known('y')} {join} WHERE {question.filter} AND {only}",
        *question.values,
    )
    return found
