"""What was promised on contracts, what is claimed of it, and what was found true?"""

from collections.abc import Sequence

from gateway.policy import Viewer, require_whole
from gateway.reads.filters import FIRST_PAGE, OutcomeFilter, OutcomeOrder, Page
from gateway.reads.shapes import Claim, Commitment, PageOf, Totals
from gateway.reads.sql import (
    Database,
    Keyed,
    Question,
    check_filter,
    check_page,
    page_of,
    touched,
)
from gateway.reads.times import NOW, Times
from gateway.reads.visible import whole

_KEY = Keyed("m.organisation", "m.commitment_id")
ORDERS = {
    OutcomeOrder.DUE_ON_ASC: _KEY.by("due_on_asc", "m.due_on", "date"),
    OutcomeOrder.DUE_ON_DESC: _KEY.by("due_on_desc", "m.due_on", "date", descending=True),
}


def _narrow(question: Question, viewer: Viewer, where: OutcomeFilter) -> None:
    require_whole(viewer, where.organisation)
    check_filter(where)
    question.where(question.known("m"))
    question.where(whole(question, viewer, "m"))
    question.equal(
        m__organisation=where.organisation,
        m__contract_id=where.contract_id,
        m__measure=where.measure,
    )


def _columns(question: Question) -> str:
    def claimed(column: str) -> str:
        return (
            f"coalesce((SELECT sum({column}) FROM live.claim k WHERE k.organisation = m.organisation"
            f" AND k.commitment_id = m.commitment_id AND {question.known('k')}), 0)::bigint"
        )

    return (
        "m.organisation, m.commitment_id, m.contract_id, m.measure, m.unit, m.quantity, m.due_on,"
        f" {claimed('k.quantity')} AS claimed_quantity,"
        f" {claimed('k.verified_quantity')} AS verified_quantity,"
        f" m.known_from, {touched('m', 'outcomes')} AS incomplete"
    )


async def outcomes(
    db: Database,
    viewer: Viewer,
    where: OutcomeFilter,
    *,
    order: OutcomeOrder = OutcomeOrder.DUE_ON_ASC,
    page: Page = FIRST_PAGE,
    times: Times = NOW,
) -> PageOf[Commitment]:
    """One page of commitments with what has come of them. Raises KeyNeeded or NotSeen."""
    check_page(page)
    question, by = Question(times), ORDERS[order]
    _narrow(question, viewer, where)
    by.after(question, page.after)
    rows = await db.fetch(
        f"SELECT {_columns(question)}, {by.by} AS by_, m.commitment_id AS key_"
        f" FROM live.commitment m WHERE {question.filter}"
        f" ORDER BY {by.clause} LIMIT {page.first + 1}",
        *question.values,
    )
    return page_of(rows, page, by.name, lambda row: Commitment(**row))


async def outcome_totals(db: Database, viewer: Viewer, where: OutcomeFilter, *, times: Times = NOW) -> Totals:
    """How many commitments a filter lets through; units differ, so no quantities are added up."""
    question = Question(times)
    _narrow(question, viewer, where)
    count = await db.fetchval(f"SELECT count(*) FROM live.commitment m WHERE {question.filter}", *question.values)
    return Totals(count=count, net_pence=0)


async def outcome(
    db: Database,
    viewer: Viewer,
    organisation: str,
    commitment_id: str,
    *,
    times: Times = NOW,
) -> Commitment | None:
    """One commitment, if the viewer may see it."""
    question = Question(times)
    question.where(question.known("m"))
    question.where(whole(question, viewer, "m"))
    question.equal(m__organisation=organisation, m__commitment_id=commitment_id)
    row = await db.fetchrow(
        f"SELECT {_columns(question)} FROM live.commitment m WHERE {question.filter}",
        *question.values,
    )
    return None if row is None else Commitment(**row)


async def claims(
    db: Database,
    viewer: Viewer,
    organisation: str,
    commitment_ids: Sequence[str],
    *,
    times: Times = NOW,
) -> list[Claim]:
    """The claims on these commitments, as far as the viewer may see them; earliest first."""
    question = Question(times)
    question.where(question.known("k"))
    question.where(whole(question, viewer, "k"))
    question.equal(k__organisation=organisation)
    question.where(f"k.commitment_id = ANY({question.value(list(commitment_ids))})")
    rows = await db.fetch(
        "SELECT k.organisation, k.claim_id, k.commitment_id, k.contract_id, k.quantity,"
        " k.delivered_on, k.evidence_digest, k.claimed_by, k.verified_quantity, k.verdict,"
        " k.verified_by, k.known_from"
        f" FROM live.claim k WHERE {question.filter} ORDER BY k.delivered_on, k.claim_id",
        *question.values,
    )
    return [Claim(**row) for row in rows]
