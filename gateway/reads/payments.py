"""Which payments were made, what do they add up to, and how does that break down?"""

from collections.abc import Sequence

from gateway.policy import Viewer
from gateway.reads.allocations import borne, borne_by
from gateway.reads.categories import (
    FIRST_LEVEL,
    category_joins,
    contracts_category,
    orders_category,
    suppliers_category,
)
from gateway.reads.filters import FIRST_PAGE, Dimension, Page, PaymentFilter, PaymentOrder
from gateway.reads.shapes import Figure, PageOf, Payment, Totals
from gateway.reads.sql import (
    Database,
    Keyed,
    Question,
    check_filter,
    check_page,
    page_of,
    totals_of,
    touched,
)
from gateway.reads.suppliers_sql import SME, local
from gateway.reads.times import NOW, Times
from gateway.reads.visible import named, payment_visible, unless_withheld, whole

_KEY = Keyed("p.organisation", "p.payment_id")
ORDERS = {
    PaymentOrder.PAID_ON_DESC: _KEY.by("paid_on_desc", "p.paid_on", "date", descending=True),
    PaymentOrder.PAID_ON_ASC: _KEY.by("paid_on_asc", "p.paid_on", "date"),
    PaymentOrder.NET_PENCE_DESC: _KEY.by("net_pence_desc", "p.net_pence", "bigint", descending=True),
    PaymentOrder.NET_PENCE_ASC: _KEY.by("net_pence_asc", "p.net_pence", "bigint"),
}

_PLAIN = """p.organisation, p.payment_id, p.file_id, p.line, p.period, p.paid_on,
    p.document_number, p.department, p.purpose, p.net_pence, p.vat_pence,
    p.gross_pence, p.withheld, p.repeats_document,
    p.document_line, p.invoice_number, p.invoice_date, p.received_date, p.purchase_order,
    p.cost_centre, p.account, p.irrecoverable_vat_pence, p.pay_run, p.status,
    p.withdrawn, p.withdrawn_on, p.link_kind, p.original_payment_id, p.judged_by_order,
    p.scope, p.scope_rule, p.rules_dated, p.category_code, p.category_rule, p.category_confidence,
    p.category_rules_dated, p.category_decided, p.answer, p.judged_answer, p.known_from"""
_WHO = (
    "payee_id", "supplier_name", "company_number", "additional_identifiers", "supplier_id", "contract_reference",
    "contract_id", "allocated_contract_id", "judged_contract_id",
)  # fmt: skip
"""What tells who was paid: a contract on the register names its supplier."""

BY = {
    Dimension.SCOPE: "coalesce(p.scope, '')",
    Dimension.ANSWER: "coalesce(p.answer, '')",
    Dimension.PERIOD: "p.period",
    Dimension.DEPARTMENT: "p.department",
    Dimension.SME: SME,
    Dimension.CATEGORY: FIRST_LEVEL,
}


def supplier_join(question: Question) -> str:
    """The register's supplier `s` of each judged payment `p`."""
    return (
        "LEFT JOIN live.supplier s ON s.organisation = p.organisation"
        f" AND s.supplier_id = p.supplier_id AND {question.known('s')}"
    )


def source(question: Question, viewer: Viewer, where: PaymentFilter) -> str:
    """The FROM clause of a filter; its conditions go to the question."""
    check_filter(where)
    question.where(question.counted("p"))
    question.where(payment_visible(question, viewer))
    question.equal(
        p__organisation=where.organisation,
        p__file_id=where.file_id,
        p__period=where.period,
        p__department=where.department,
        p__withheld=where.withheld,
        p__repeats_document=where.repeats_document,
        p__original_payment_id=where.original_payment_id,
        p__purchase_order=where.purchase_order,
        p__pay_run=where.pay_run,
    )
    if where.withdrawn is not None:
        question.where(f"p.withdrawn IS {'NOT ' if where.withdrawn else ''}NULL")
    _said(question, "p.scope", where.scope)
    _said(question, "p.answer", where.answer)
    _between(question, "p.paid_on", where.paid_from, where.paid_to)
    _between(question, "p.net_pence", where.least_pence, where.most_pence)
    if where.contract_id is not None:
        question.where(f"{borne_by(question, question.value(where.contract_id))} AND {named(question, viewer)}")
    if where.supplier_id is not None:
        paid_to(question, viewer, [where.supplier_id])
    if where.search is not None:
        name = unless_withheld(question, viewer, "p.supplier_name")
        question.contains(where.search, name, "p.purpose")
    from_ = "FROM live.payment p"
    if where.category is not None:
        question.where(f"{FIRST_LEVEL} = {question.value(where.category)}")
        from_ = f"{from_} {category_joins(question)}"
    if where.sme is not None:
        question.where(f"{SME} = {question.value(where.sme)}")
    if where.local is not None:
        question.where(f"{local(question)} = {question.value(where.local)}")
    if where.sme is None and where.local is None:
        return from_
    return f"{from_} {supplier_join(question)}"


def _said(question: Question, column: str, value: str | None) -> None:
    if value == "":
        question.where(f"{column} IS NULL")
    elif value is not None:
        question.where(f"{column} = {question.value(value)}")


def _between(question: Question, column: str, least: object, most: object) -> None:
    if least is not None:
        question.where(f"{column} >= {question.value(least)}")
    if most is not None:
        question.where(f"{column} <= {question.value(most)}")


def paid_to(question: Question, viewer: Viewer, ids: Sequence[str]) -> None:
    """Let only payments through whose payee or supplier is one of these, and is not withheld."""
    wanted = f"{question.value(list(ids))}::text[]"
    payees = f"ARRAY(SELECT y.payee_id FROM live.payee y WHERE y.supplier_id = ANY({wanted}) AND {question.known('y')})"
    question.where(f"(p.payee_id = ANY({wanted} || {payees}) OR p.supplier_id = ANY({wanted}))")
    question.where(f"{unless_withheld(question, viewer, 'p.payee_id')} IS NOT NULL")


def _columns(question: Question, viewer: Viewer) -> str:
    withheld = ", ".join(f"{unless_withheld(question, viewer, f'p.{name}')} AS {name}" for name in _WHO)
    candidates = f"CASE WHEN {named(question, viewer)} THEN p.candidates ELSE '{{}}' END AS candidates"
    reason = f"CASE WHEN {whole(question, viewer, 'p')} THEN p.withdrawn_reason END AS withdrawn_reason"
    categories = (
        f"{contracts_category(question)} AS contract_category, {orders_category(question)} AS order_category,"
        f" {suppliers_category(question)} AS supplier_category"
    )
    return f"{_PLAIN}, {categories}, {withheld}, {candidates}, {reason}, {touched('p', 'compliance')} AS incomplete"


async def payments(
    db: Database,
    viewer: Viewer,
    where: PaymentFilter,
    *,
    order: PaymentOrder = PaymentOrder.PAID_ON_DESC,
    page: Page = FIRST_PAGE,
    times: Times = NOW,
) -> PageOf[Payment]:
    """One page of the payments that a filter lets through and the viewer may see."""
    check_page(page)
    question, by = Question(times), ORDERS[order]
    from_ = source(question, viewer, where)
    by.after(question, page.after)
    rows = await db.fetch(
        f"SELECT {_columns(question, viewer)}, {by.by} AS by_, p.payment_id AS key_ {from_}"
        f" WHERE {question.filter} ORDER BY {by.clause} LIMIT {page.first + 1}",
        *question.values,
    )
    return page_of(rows, page, by.name, lambda row: Payment(**row))


async def payment_totals(db: Database, viewer: Viewer, where: PaymentFilter, *, times: Times = NOW) -> Totals:
    """How many payments a filter lets through, and what they add up to."""
    question = Question(times)
    from_ = source(question, viewer, where)
    return await totals_of(
        db,
        f"SELECT count(*) AS count, coalesce(sum({borne(question, where)}), 0)::bigint AS net_pence {from_}"
        f" WHERE {question.filter}",
        question.values,
    )


async def payment(
    db: Database,
    viewer: Viewer,
    organisation: str,
    payment_id: str,
    *,
    times: Times = NOW,
) -> Payment | None:
    """One payment, if the viewer may see it."""
    question = Question(times)
    from_ = source(question, viewer, PaymentFilter(organisation=organisation, withdrawn=None))
    question.equal(p__payment_id=payment_id)
    row = await db.fetchrow(f"SELECT {_columns(question, viewer)} {from_} WHERE {question.filter}", *question.values)
    return None if row is None else Payment(**row)


async def figures(
    db: Database,
    viewer: Viewer,
    where: PaymentFilter,
    by: Dimension,
    *,
    times: Times = NOW,
) -> list[Figure]:
    """What a filter lets through, broken down; the largest part first."""
    question = Question(times)
    from_ = source(question, viewer, where)
    if by in (Dimension.SME, Dimension.LOCAL) and "live.supplier" not in from_:
        from_ = f"{from_} {supplier_join(question)}"
    if by is Dimension.CATEGORY and "live.contract" not in from_:
        from_ = f"{from_} {category_joins(question)}"
    part = local(question) if by is Dimension.LOCAL else BY[by]
    rows = await db.fetch(
        f"SELECT {part} AS value, count(*) AS count, sum({borne(question, where)})::bigint AS net_pence {from_}"
        f" WHERE {question.filter} GROUP BY 1 ORDER BY 3 DESC, 1",
        *question.values,
    )
    return [Figure(**row) for row in rows]
