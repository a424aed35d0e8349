"""What does an organisation's ledger say: orders and what was paid under each, pay runs, its supplier master?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from gateway.policy import Viewer, require_whole
from gateway.reads.filters import FIRST_PAGE, Page
from gateway.reads.shapes import PageOf, Totals
from gateway.reads.sql import Database, Keyed, Ordering, Question, check_page, page_of, totals_of
from gateway.reads.times import NOW, Times
from gateway.reads.visible import whole

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """A purchase order as it was stated last, and the payments that name it."""

    organisation: str
    purchase_order: str
    raised_on: date
    supplier_name: str
    supplier_code: str | None
    company_number: str | None
    contract_reference: str | None
    net_pence: int | None
    department: str
    description: str
    proclass_code: str | None
    payments: int
    paid_pence: int
    known_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRun:
    """A pay run's control total, and what stood on record of it when they were compared last."""

    organisation: str
    pay_run: str
    stated_payments: int
    stated_pence: int
    found_payments: int
    found_pence: int
    agrees: bool
    known_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedSupplier:
    """A supplier of the ledger's master data as it was stated last."""

    organisation: str
    supplier_code: str
    name: str
    trading_name: str | None
    company_number: str | None
    charity_number: str | None
    vat_number: str | None
    postcode: str | None
    site_postcode: str | None
    known_from: datetime


ORDERS = Keyed("o.organisation", "o.purchase_order").by("raised_on_desc", "o.raised_on", "date", descending=True)
RUNS = Keyed("o.organisation", "o.pay_run").by("pay_run_desc", "o.pay_run", "text", descending=True)
MASTERS = Keyed("o.organisation", "o.supplier_code").by("name_asc", "lower(o.name)", "text")


def _from(question: Question, viewer: Viewer, organisation: str | None, table: str) -> str:
    """The rows as relation `o`; conditions go to the question. Raises KeyNeeded or NotSeen."""
    require_whole(viewer, organisation)
    question.where(question.known("o"))
    question.where(whole(question, viewer, "o"))
    question.equal(o__organisation=organisation)
    return f"FROM live.{table} o"


def _paid(question: Question) -> str:
    return (
        "LEFT JOIN LATERAL (SELECT count(*) AS payments, coalesce(sum(p.net_pence), 0)::bigint AS paid_pence"
        " FROM live.payment p WHERE p.organisation = o.organisation AND p.purchase_order = o.purchase_order"
        f" AND p.withdrawn IS NULL AND {question.counted('p')}) paid ON true"
    )


async def _list(
    db: Database, question: Question, from_: str, by: Ordering, page: Page, item: Callable[[Mapping[str, Any]], Item]
) -> PageOf[Item]:
    by.after(question, page.after)
    rows = await db.fetch(
        f"SELECT *, {by.by} AS by_, {by.key} AS key_ {from_} WHERE {question.filter}"
        f" ORDER BY {by.clause} LIMIT {page.first + 1}",
        *question.values,
    )
    return page_of(rows, page, by.name, item)


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"stream", "known_to", "by_", "key_", *names}}


async def purchase_orders(
    db: Database, viewer: Viewer, organisation: str | None, *, page: Page = FIRST_PAGE, times: Times = NOW
) -> PageOf[PurchaseOrder]:
    """One page of orders, the latest first, each with what was paid under it. Raises KeyNeeded or NotSeen."""
    check_page(page)
    question = Question(times)
    from_ = _from(question, viewer, organisation, "purchase_order")
    return await _list(
        db, question, f"{from_} {_paid(question)}", ORDERS, page, lambda row: PurchaseOrder(**_without(row))
    )


async def purchase_order_totals(
    db: Database, viewer: Viewer, organisation: str | None, *, times: Times = NOW
) -> Totals:
    """How many orders there are, and what they come to where they state an amount."""
    question = Question(times)
    from_ = _from(question, viewer, organisation, "purchase_order")
    select = f"SELECT count(*) AS count, coalesce(sum(o.net_pence), 0)::bigint AS net_pence {from_}"
    return await totals_of(db, f"{select} WHERE {question.filter}", question.values)


async def pay_runs(
    db: Database, viewer: Viewer, organisation: str | None, *, page: Page = FIRST_PAGE, times: Times = NOW
) -> PageOf[PayRun]:
    """One page of pay runs by name, the last first. Raises KeyNeeded or NotSeen."""
    check_page(page)
    question = Question(times)
    from_ = _from(question, viewer, organisation, "pay_run")
    return await _list(db, question, from_, RUNS, page, lambda row: PayRun(**_without(row)))


async def pay_run_totals(db: Database, viewer: Viewer, organisation: str | None, *, times: Times = NOW) -> Totals:
    """How many pay runs were compared, and what their ledger states of them."""
    question = Question(times)
    from_ = _from(question, viewer, organisation, "pay_run")
    select = f"SELECT count(*) AS count, coalesce(sum(o.stated_pence), 0)::bigint AS net_pence {from_}"
    return await totals_of(db, f"{select} WHERE {question.filter}", question.values)


async def stated_suppliers(
    db: Database, viewer: Viewer, organisation: str | None, *, page: Page = FIRST_PAGE, times: Times = NOW
) -> PageOf[StatedSupplier]:
    """One page of the supplier master, by name. Raises KeyNeeded or NotSeen."""
    check_page(page)
    question = Question(times)
    from_ = _from(question, viewer, organisation, "supplier_master")
    return await _list(db, question, from_, MASTERS, page, lambda row: StatedSupplier(**_without(row)))


async def stated_supplier_totals(
    db: Database, viewer: Viewer, organisation: str | None, *, times: Times = NOW
) -> Totals:
    """How many suppliers the ledger states."""
    question = Question(times)
    from_ = _from(question, viewer, organisation, "supplier_master")
    select = f"SELECT count(*) AS count, 0::bigint AS net_pence {from_}"
    return await totals_of(db, f"{select} WHERE {question.filter}", question.values)
