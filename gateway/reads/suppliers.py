"""Whom does an organisation buy from, on its register or only by the name that it paid?"""

from collections.abc import Sequence

from gateway.policy import Viewer
from gateway.reads.filters import FIRST_PAGE, Page, SupplierFilter, SupplierOrder
from gateway.reads.payments import paid_to
from gateway.reads.shapes import PageOf, Supplier, Totals
from gateway.reads.sql import Database, Keyed, Question, check_filter, check_page, page_of, totals_of
from gateway.reads.suppliers_sql import SME, local
from gateway.reads.times import NOW, Times
from gateway.reads.visible import named, payment_visible

Key = tuple[str, str]
"""An organisation, and the supplier or payee within it."""

_KEY = Keyed("v.organisation", "v.supplier_id")
ORDERS = {
    SupplierOrder.PAID_DESC: _KEY.by("paid_desc", "v.net_pence", "bigint", descending=True),
    SupplierOrder.NAME_ASC: _KEY.by("name_asc", "lower(v.name)", "text"),
}


def _view(question: Question, viewer: Viewer, where: SupplierFilter, keys: Sequence[Key] | None = None) -> str:
    """Register suppliers and other payees as relation `v`; conditions on it go to the question."""
    check_filter(where)
    question.equal(
        v__organisation=where.organisation,
        v__registered=where.registered,
        v__sme=where.sme,
        v__local=where.local,
    )
    if where.search is not None:
        question.contains(where.search, "v.name")
    if where.scope is not None or where.answer is not None:
        question.where("v.payments > 0")
    only = "" if keys is None else f" AND {_one_of(question, 's', keys)}"
    if keys is not None:
        question.where(f"v.supplier_id = ANY({question.value([key for _, key in keys])})")
    return f"""FROM (
        SELECT coalesce(s.organisation, paid.organisation) AS organisation,
               coalesce(s.supplier_id, paid.supplier_id) AS supplier_id,
               coalesce(s.name, paid.name) AS name, s.supplier_id IS NOT NULL AS registered,
               s.company_number, coalesce(s.additional_identifiers, '{{}}') AS additional_identifiers, s.postcode,
               {SME} AS sme,
               CASE WHEN s.supplier_id IS NULL THEN 'unknown' ELSE {local(question)} END AS local,
               coalesce(paid.payments, 0) AS payments, coalesce(paid.net_pence, 0) AS net_pence,
               s.file_id, s.line, s.stated_on,
               (SELECT m.merged_into FROM live.merged_supplier m WHERE m.organisation = s.organisation
                AND m.supplier_id = s.supplier_id AND {question.known("m")}) AS merged_into,
               ARRAY(SELECT m.supplier_id FROM live.merged_supplier m WHERE m.organisation = s.organisation
                AND m.merged_into = s.supplier_id AND {question.known("m")} ORDER BY 1) AS merged
        FROM (SELECT * FROM live.supplier s WHERE {question.known("s")}{only}) s
        FULL JOIN ({_paid(question, viewer, where, keys)}) paid
        ON paid.organisation = s.organisation AND paid.supplier_id = s.supplier_id) v"""


def _one_of(question: Question, alias: str, keys: Sequence[Key]) -> str:
    organisations = question.value(sorted({organisation for organisation, _ in keys}))
    ids = question.value([key for _, key in keys])
    return f"{alias}.organisation = ANY({organisations}) AND {alias}.supplier_id = ANY({ids})"


def _paid(question: Question, viewer: Viewer, where: SupplierFilter, keys: Sequence[Key] | None) -> str:
    """What each supplier or payee was paid; nobody stands for payments whose payee is withheld from the viewer."""
    inner = Question(question.times, question.values)
    inner.where(inner.counted("p"))
    inner.where("NOT p.withheld")
    inner.where(named(inner, viewer))
    inner.where("p.withdrawn IS NULL")
    inner.where(payment_visible(inner, viewer))
    inner.equal(p__organisation=where.organisation, p__scope=where.scope, p__answer=where.answer)
    if keys is not None:
        inner.where(f"p.organisation = ANY({inner.value(sorted({organisation for organisation, _ in keys}))})")
        paid_to(inner, viewer, [key for _, key in keys])
    return f"""SELECT p.organisation, coalesce(y.supplier_id, p.supplier_id, p.payee_id) AS supplier_id,
               max(p.supplier_name) AS name, count(*) AS payments,
               sum(p.net_pence)::bigint AS net_pence
        FROM live.payment p LEFT JOIN live.payee y ON y.organisation = p.organisation
             AND y.payee_id = p.payee_id AND {inner.known("y")}
        WHERE {inner.filter} GROUP BY 1, 2"""


async def suppliers(
    db: Database,
    viewer: Viewer,
    where: SupplierFilter,
    *,
    order: SupplierOrder = SupplierOrder.PAID_DESC,
    page: Page = FIRST_PAGE,
    times: Times = NOW,
) -> PageOf[Supplier]:
    """One page of suppliers, each with what the payments that the filter means add up to."""
    check_page(page)
    question, by = Question(times), ORDERS[order]
    view = _view(question, viewer, where)
    by.after(question, page.after)
    rows = await db.fetch(
        f"SELECT v.*, {by.by} AS by_, v.supplier_id AS key_ {view}"
        f" WHERE {question.filter} ORDER BY {by.clause} LIMIT {page.first + 1}",
        *question.values,
    )
    return page_of(rows, page, by.name, lambda row: Supplier(**row))


async def supplier_totals(db: Database, viewer: Viewer, where: SupplierFilter, *, times: Times = NOW) -> Totals:
    """How many suppliers a filter lets through, and what they were paid together."""
    question = Question(times)
    view = _view(question, viewer, where)
    return await totals_of(
        db,
        f"SELECT count(*) AS count, coalesce(sum(v.net_pence), 0)::bigint AS net_pence {view} WHERE {question.filter}",
        question.values,
    )


async def suppliers_by_id(
    db: Database,
    viewer: Viewer,
    keys: Sequence[tuple[str, str]],
    *,
    times: Times = NOW,
) -> dict[tuple[str, str], Supplier]:
    """The suppliers of these organisations and ids, as far as there are any."""
    question = Question(times)
    view = _view(question, viewer, SupplierFilter(), keys)
    rows = await db.fetch(f"SELECT v.* {view} WHERE {question.filter}", *question.values)
    found = {(row["organisation"], row["supplier_id"]): Supplier(**row) for row in rows}
    return {key: found[key] for key in keys if key in found}


async def supplier(
    db: Database,
    viewer: Viewer,
    organisation: str,
    supplier_id: str,
    *,
    times: Times = NOW,
) -> Supplier | None:
    """One supplier or payee, if the viewer may see anything of it."""
    key = (organisation, supplier_id)
    return (await suppliers_by_id(db, viewer, [key], times=times)).get(key)
