"""Which payments do the duties of the Procurement Act 2023 ask about?"""

from datetime import date

from gateway.duties import Paid
from gateway.policy import Viewer, require_whole
from gateway.reads.filters import PaymentFilter
from gateway.reads.payments import source
from gateway.reads.sql import Database, Question
from gateway.reads.times import NOW, Times


async def paid_for(
    db: Database, viewer: Viewer, organisation: str, first: date, last: date, *, times: Times = NOW
) -> list[Paid]:
    """Contract spend that was paid in a period, or whose invoice was received in it. Raises KeyNeeded, NotSeen."""
    require_whole(viewer, organisation)
    question = Question(times)
    from_ = source(question, viewer, PaymentFilter(organisation=organisation, scope="contract_spend"))
    since, until = question.value(first), question.value(last)
    question.where(f"(p.paid_on BETWEEN {since} AND {until} OR p.received_date BETWEEN {since} AND {until})")
    rows = await db.fetch(
        "SELECT p.payment_id, p.paid_on, p.received_date AS received_on, p.net_pence, p.gross_pence,"
        f" coalesce(p.answer = 'on_contract', false) AS on_contract, c.starts_on AS contract_starts_on {from_}"
        " LEFT JOIN live.contract c ON c.organisation = p.organisation AND c.contract_id = p.contract_id"
        f" AND {question.known('c')} WHERE {question.filter}",
        *question.values,
    )
    return [Paid(**row) for row in rows]


async def paid_between(
    db: Database, viewer: Viewer, organisation: str, *, times: Times = NOW
) -> tuple[date, date] | None:
    """The first and last day on which anything was paid; None where nothing was."""
    question = Question(times)
    from_ = source(question, viewer, PaymentFilter(organisation=organisation))
    row = await db.fetchrow(f"SELECT min(p.paid_on), max(p.paid_on) {from_} WHERE {question.filter}", *question.values)
    return None if row is None or row[0] is None else (row[0], row[1])
