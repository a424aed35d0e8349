"""Whose records are here, and what did each organisation spend on what?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from gateway.places import name_of
from gateway.policy import Viewer
from gateway.reads import models
from gateway.reads.categories import FIRST_LEVEL, category_joins
from gateway.reads.filters import FIRST_PAGE, Page, PaymentFilter
from gateway.reads.payments import payment_totals, source, supplier_join
from gateway.reads.shapes import Figure, Organisation, PageOf, Summary, Totals
from gateway.reads.sql import Database, Keyed, Question, check_page, parked, read_cursor, write_cursor
from gateway.reads.suppliers_sql import SME, local
from gateway.reads.times import NOW, Times
from gateway.reads.visible import payment_visible, whole

_BY_ID = Keyed("organisation", "''").by("identifier", "''", "text")
_NAMED = """
WITH RECURSIVE paying AS (
    SELECT min(organisation) AS organisation FROM live.payment
    UNION ALL
    SELECT (SELECT min(organisation) FROM live.payment p WHERE p.organisation > paying.organisation)
    FROM paying WHERE paying.organisation IS NOT NULL),
named AS (
    SELECT organisation FROM paying WHERE organisation IS NOT NULL
    UNION SELECT organisation FROM live.contract
    UNION SELECT organisation FROM live.source_file)
"""


async def organisations(
    db: Database,
    viewer: Viewer,
    *,
    only: Sequence[str] | None = None,
    times: Times = NOW,
) -> list[Organisation]:
    """The organisations of which the viewer may see anything, by identifier."""
    question = Question(times)
    some = question.value(None if only is None else list(only))
    rows = await db.fetch(
        f"""{_NAMED} SELECT n.organisation, EXISTS (
            SELECT FROM projection.parked k JOIN projection.generation g
            ON g.name = k.name AND g.generation = k.generation AND g.state = 'live'
            WHERE k.organisation = n.organisation) AS incomplete
        FROM named n WHERE ({some}::text[] IS NULL OR n.organisation = ANY({some}))
        AND (EXISTS (SELECT FROM live.contract c
                     WHERE c.organisation = n.organisation AND {question.known("c")})
          OR EXISTS (SELECT FROM live.payment p WHERE p.organisation = n.organisation
                     AND {question.known("p")} AND {payment_visible(question, viewer)})
          OR EXISTS (SELECT FROM live.source_file f WHERE f.organisation = n.organisation
                     AND {question.known("f")} AND {whole(question, viewer, "f")}))
        ORDER BY 1""",
        *question.values,
    )
    return [Organisation(name=name_of(row["organisation"]), **row) for row in rows]


async def organisation(db: Database, viewer: Viewer, organisation: str, *, times: Times = NOW) -> Organisation | None:
    """One organisation, if the viewer may see anything of it."""
    found = await organisations(db, viewer, only=[organisation], times=times)
    return found[0] if found else None


async def organisation_page(
    db: Database, viewer: Viewer, *, page: Page = FIRST_PAGE, times: Times = NOW
) -> PageOf[Organisation]:
    """One page of organisations by identifier; they are few, so that one question serves all pages."""
    check_page(page)
    after = None if page.after is None else read_cursor(page.after, _BY_ID)[1]
    found = await organisations(db, viewer, times=times)
    rest = [each for each in found if after is None or each.organisation > after]
    shown = rest[: page.first]
    return PageOf(
        items=shown,
        cursors=[write_cursor(_BY_ID.name, "", each.organisation, "") for each in shown],
        has_next=len(rest) > page.first,
    )


async def organisation_totals(db: Database, viewer: Viewer, *, times: Times = NOW) -> Totals:
    """How many organisations there are, and what they paid together as far as the viewer may see."""
    found = await organisations(db, viewer, times=times)
    paid = await payment_totals(db, viewer, PaymentFilter(), times=times)
    return Totals(count=len(found), net_pence=paid.net_pence)


async def summary(
    db: Database,
    viewer: Viewer,
    organisation: str,
    *,
    paid_from: date | None = None,
    paid_to: date | None = None,
    times: Times = NOW,
) -> Summary:
    """What an organisation spent in a time, both days inclusive, as far as the viewer may see its payments."""
    question = Question(times)
    where = PaymentFilter(organisation=organisation, paid_from=paid_from, paid_to=paid_to)
    from_ = source(question, viewer, where)
    rows = await db.fetch(
        f"SELECT coalesce(p.scope, '') AS scope, coalesce(p.answer, '') AS answer, p.period,"
        f" {SME} AS sme, {local(question)} AS local, {FIRST_LEVEL} AS category,"
        " count(*) AS count, sum(p.net_pence)::bigint AS net_pence"
        f" {from_} {supplier_join(question)} {category_joins(question)}"
        f" WHERE {question.filter} GROUP BY 1, 2, 3, 4, 5, 6",
        *question.values,
    )
    parts = [dict(row) for row in rows]
    contract_spend = [row for row in parts if row["scope"] == "contract_spend"]
    return Summary(
        organisation=organisation,
        total=Totals(
            count=sum(row["count"] for row in rows),
            net_pence=sum(row["net_pence"] for row in rows),
        ),
        by_scope=_figures(parts, "scope"),
        by_answer=_figures(contract_spend, "answer"),
        by_sme=_figures(contract_spend, "sme"),
        by_local=_figures(contract_spend, "local"),
        by_category=_figures(contract_spend, "category"),
        by_period=sorted(_figures(parts, "period"), key=lambda figure: figure.value),
        incomplete=await parked(db, models.SUMMARY, organisation) > 0,
    )


def _figures(rows: Iterable[Mapping[str, Any]], part: str) -> list[Figure]:
    """Add up by one of the parts, the largest first."""
    counts: Counter[str] = Counter()
    pence: Counter[str] = Counter()
    for row in rows:
        counts[row[part]] += row["count"]
        pence[row[part]] += row["net_pence"]
    figures = [Figure(value=value, count=counts[value], net_pence=pence[value]) for value in counts]
    return sorted(figures, key=lambda figure: (-figure.net_pence, figure.value))
