"""Which payments may be one payment made twice, what was said of them, and what came back?"""

import asyncio
from datetime import date

from gateway.duplicates import MOST_PAYEES, Duplicate, Paid, Recovered, duplicates
from gateway.finding_shapes import Said
from gateway.policy import Viewer, require_whole
from gateway.reads.filters import PaymentFilter
from gateway.reads.payments import source
from gateway.reads.sql import Database, Question
from gateway.reads.times import NOW, Times

_SUPPLIER = "coalesce(y.supplier_id, p.supplier_id, p.payee_id)"
_PLAIN = "upper(regexp_replace(p.invoice_number, '[^A-Za-z0-9]', '', 'g'))"
_NUMBER = f"CASE WHEN {_PLAIN} ~ '[0-9]' THEN {_PLAIN} END"
_INVOICE = (
    "invoice AS (SELECT supplier_id, number, paid_on, sum(net_pence)::bigint AS invoice_pence,"
    " min(nullif(greatest(sum(net_pence), 0), 0)) OVER (PARTITION BY supplier_id, number)"
    " < max(sum(net_pence)) OVER (PARTITION BY supplier_id, number) AS other_sums,"
    " count(*) OVER (PARTITION BY number, paid_on) AS number_payees"
    " FROM paid WHERE number IS NOT NULL GROUP BY supplier_id, number, paid_on)"
)
"""What each was paid under a number on a day, and what else is paid under it."""
_LINE = (
    "line AS (SELECT DISTINCT ON (supplier_id, alone, paid_on, net_pence) paid.*, invoice_pence,"
    " coalesce(other_sums, false) AS other_sums, coalesce(number_payees, 1) AS number_payees"
    " FROM paid LEFT JOIN invoice USING (supplier_id, number, paid_on)"
    " CROSS JOIN LATERAL coalesce(CASE WHEN net_pence > 0 THEN number END, payment_id) alone"
    " ORDER BY supplier_id, alone, paid_on, net_pence, payment_id)"
)
"""Of an invoice's lines of one amount the first stands for all."""
_COUNTED = (
    "counted AS (SELECT line.*, count(*) OVER (PARTITION BY supplier_id, abs(net_pence)) AS of_supplier,"
    " count(*) OVER (PARTITION BY supplier_id, net_pence, invoice_pence) AS of_invoice,"
    " count(*) OVER (PARTITION BY number, net_pence, invoice_pence) AS of_number FROM line)"
)
_USUAL = (
    f"NOT other_sums AND number_payees <= {MOST_PAYEES} AND (of_invoice > 1 OR number IS NOT NULL AND of_number > 1)"
    " OR net_pence < 0 AND of_supplier > 1"
)
_EVERY = "of_supplier > 1 OR number IS NOT NULL AND of_number > 1"
LOOKED_AT = ("contract_spend", "card", "unknown", "rent", "rates", "grant")
"""Not refunds, levies and transfers to public bodies: the same sum twice, under one number, is what they often are."""


async def possible_duplicates(
    db: Database,
    viewer: Viewer,
    organisation: str,
    on: date,
    *,
    every: bool = False,
    settled: bool = False,
    times: Times = NOW,
) -> list[Duplicate]:
    """What may have been paid twice, as it stands on a day. Raises KeyNeeded, NotSeen: it is not public."""
    require_whole(viewer, organisation)
    question = Question(times)
    where = PaymentFilter(organisation=organisation, withheld=False)
    from_ = source(question, viewer, where)
    scopes = question.value(list(LOOKED_AT))
    numbered = "" if every else " AND p.invoice_number IS NOT NULL"
    rows = await db.fetch(
        f"WITH paid AS (SELECT p.payment_id, {_SUPPLIER} AS supplier_id, p.supplier_name, p.invoice_number,"
        f" p.document_number, p.paid_on, p.net_pence, p.department, p.purpose, {_NUMBER} AS number"
        f" {from_} LEFT JOIN live.payee y ON y.organisation = p.organisation AND y.payee_id = p.payee_id"
        f" AND {question.known('y')} WHERE {question.filter} AND p.scope = ANY({scopes})"
        f" AND (p.net_pence < 0 OR (p.net_pence > 0{numbered}))), {_INVOICE}, {_LINE}, {_COUNTED}"
        " SELECT payment_id, supplier_id, supplier_name, invoice_number, document_number, paid_on, net_pence,"
        f" department, purpose, invoice_pence, other_sums, number_payees FROM counted WHERE {_EVERY if every else _USUAL}",
        *question.values,
    )
    said = await _said(db, organisation, times)
    payments = [Paid(**row) for row in rows]
    return await asyncio.to_thread(duplicates, payments, said, on, every=every, settled=settled)


async def _said(db: Database, organisation: str, times: Times) -> dict[str, tuple[Said, Recovered]]:
    question = Question(times)
    rows = await db.fetch(
        "SELECT f.finding_id, f.answer, f.reason, f.until, f.answered_on, f.owner, f.due_on, f.recovered_pence,"
        " f.recovered_on, f.recovered_how, f.recovered_reference FROM live.finding f"
        f" WHERE f.organisation = {question.value(organisation)} AND f.cause = 'payment' AND {question.known('f')}",
        *question.values,
    )
    return {
        row["finding_id"]: (
            Said(
                answer=row["answer"], reason=row["reason"], until=row["until"], answered_on=row["answered_on"],
                owner=row["owner"], due_on=row["due_on"],
            ),
            Recovered(
                pence=row["recovered_pence"], on=row["recovered_on"], how=row["recovered_how"],
                reference=row["recovered_reference"],
            ),
        )
        for row in rows
    }  # fmt: skip


async def recovered_pence(db: Database, viewer: Viewer, organisation: str, *, times: Times = NOW) -> int:
    """What came back of everything that was paid twice. Raises KeyNeeded, NotSeen."""
    require_whole(viewer, organisation)
    question = Question(times)
    found: int = await db.fetchval(
        "SELECT coalesce(sum(f.recovered_pence), 0)::bigint FROM live.finding f"
        f" WHERE f.organisation = {question.value(organisation)} AND {question.known('f')}",
        *question.values,
    )
    return found
