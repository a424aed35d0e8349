"""Which supplier of the register is behind each name that was paid, on what evidence, and who is proposed?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from gateway.policy import Viewer, require_whole
from gateway.reads.filters import FIRST_PAGE, Page
from gateway.reads.shapes import PageOf, Totals
from gateway.reads.sql import Database, Keyed, Question, check_filter, check_page, page_of, totals_of
from gateway.reads.times import NOW, Times
from gateway.reads.visible import whole


class LinkState(Enum):
    """Where a name that was paid stands."""

    LINKED = "linked"
    PROPOSED = "proposed"
    UNKNOWN = "unknown"


class NameOrder(Enum):
    """How names may be ordered."""

    PAID_DESC = "paid_desc"
    NAME_ASC = "name_asc"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFilter:
    """Which names that were paid; None lets all through."""

    organisation: str | None = None
    state: str | None = None
    basis: str | None = None
    search: str | None = None
    payee_id: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A supplier that is proposed, and why."""

    supplier_id: str
    name: str | None
    evidence: str
    score: int
    """Of a thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidName:
    """A name that was paid, and whom it is known, or may be, to be."""

    organisation: str
    payee_id: str
    name: str
    state: str
    supplier_id: str | None
    registered_name: str | None
    basis: str | None
    evidence: str | None
    score: int | None
    rules_dated: date | None
    candidates: tuple[Candidate, ...]
    decided: str | None
    decided_supplier_id: str | None
    reason: str | None
    payments: int
    net_pence: int
    known_from: datetime


_KEY = Keyed("y.organisation", "y.payee_id")
ORDERS = {
    NameOrder.PAID_DESC: _KEY.by("paid_desc", "y.net_pence", "bigint", descending=True),
    NameOrder.NAME_ASC: _KEY.by("name_asc", "lower(y.name)", "text"),
}


def _view(question: Question, viewer: Viewer, where: NameFilter) -> str:
    """The names as relation `y`; conditions on it go to the question. Raises KeyNeeded or NotSeen."""
    require_whole(viewer, where.organisation)
    check_filter(where)
    question.equal(y__state=where.state, y__basis=where.basis)
    if where.search is not None:
        question.contains(where.search, "y.name")
    inner = Question(question.times, question.values)
    inner.where(inner.known("n"))
    inner.where(whole(inner, viewer, "n"))
    inner.equal(n__organisation=where.organisation, n__payee_id=where.payee_id)
    return f"""FROM (
        SELECT n.*, s.name AS registered_name, coalesce(paid.payments, 0) AS payments,
            coalesce(paid.net_pence, 0) AS net_pence,
            CASE WHEN n.supplier_id IS NOT NULL THEN 'linked' WHEN n.candidates <> '{{}}' THEN 'proposed'
                ELSE 'unknown' END AS state,
            ARRAY(SELECT coalesce(c.name, '') FROM unnest(n.candidates) WITH ORDINALITY k(id, place)
                LEFT JOIN live.supplier c ON c.organisation = n.organisation AND c.supplier_id = k.id
                AND {inner.known("c")} ORDER BY place) AS candidate_names
        FROM live.payee n
        LEFT JOIN live.supplier s ON s.organisation = n.organisation AND s.supplier_id = n.supplier_id
            AND {inner.known("s")}
        LEFT JOIN (SELECT p.organisation, p.payee_id, count(*) AS payments, sum(p.net_pence)::bigint AS net_pence
            FROM live.payment p WHERE {inner.counted("p")} AND p.withdrawn IS NULL GROUP BY 1, 2) paid
            ON paid.organisation = n.organisation AND paid.payee_id = n.payee_id
        WHERE {inner.filter}) y"""


async def names(
    db: Database,
    viewer: Viewer,
    where: NameFilter,
    *,
    order: NameOrder = NameOrder.PAID_DESC,
    page: Page = FIRST_PAGE,
    times: Times = NOW,
) -> PageOf[PaidName]:
    """One page of names that are, were or may be a supplier of the register. Raises KeyNeeded or NotSeen."""
    check_page(page)
    question, by = Question(times), ORDERS[order]
    view = _view(question, viewer, where)
    by.after(question, page.after)
    rows = await db.fetch(
        f"SELECT y.*, {by.by} AS by_, y.payee_id AS key_ {view} WHERE {question.filter}"
        f" ORDER BY {by.clause} LIMIT {page.first + 1}",
        *question.values,
    )
    return page_of(rows, page, by.name, _name)


async def name_totals(db: Database, viewer: Viewer, where: NameFilter, *, times: Times = NOW) -> Totals:
    """How many names a filter lets through, and what was paid to them together."""
    question = Question(times)
    view = _view(question, viewer, where)
    return await totals_of(
        db,
        f"SELECT count(*) AS count, coalesce(sum(y.net_pence), 0)::bigint AS net_pence {view} WHERE {question.filter}",
        question.values,
    )


def _name(row: Mapping[str, Any]) -> PaidName:
    columns = {name: row[name] for name in PaidName.__slots__ if name != "candidates"}
    proposed = zip(
        row["candidates"], row["candidate_names"], row["candidate_evidence"], row["candidate_scores"], strict=True
    )
    return PaidName(
        **columns,
        candidates=tuple(Candidate(each, name or None, why, int(score)) for each, name, why, score in proposed),
    )
