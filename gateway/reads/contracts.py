"""Which contracts does a register hold, and what are they worth?"""

from collections.abc import Sequence

from gateway.policy import Viewer
from gateway.reads.filters import FIRST_PAGE, ContractFilter, ContractOrder, Page
from gateway.reads.shapes import Contract, PageOf, Totals
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
from gateway.reads.times import NOW, Times

_KEY = Keyed("c.organisation", "c.contract_id")
_WORTH = "coalesce(c.value_pence, -1)"  # a contract without a stated value comes last by value
_STARTS = "coalesce(c.starts_on, '0001-01-01')"
_ENDS = "coalesce(c.ends_on, '9999-12-31')"  # without a date: after all that have one
ORDERS = {
    ContractOrder.VALUE_DESC: _KEY.by("value_desc", _WORTH, "bigint", descending=True),
    ContractOrder.VALUE_ASC: _KEY.by("value_asc", _WORTH, "bigint"),
    ContractOrder.ENDS_ON_ASC: _KEY.by("ends_on_asc", _ENDS, "date"),
    ContractOrder.ENDS_ON_DESC: _KEY.by("ends_on_desc", _ENDS, "date", descending=True),
    ContractOrder.STARTS_ON_DESC: _KEY.by("starts_on_desc", _STARTS, "date", descending=True),
    ContractOrder.TITLE_ASC: _KEY.by("title_asc", "lower(c.title)", "text"),
}

_COLUMNS = f"""c.organisation, c.contract_id, c.reference, c.title, c.description, c.supplier_id,
    c.supplier_name, c.directorate, c.procedure, c.starts_on, c.ends_on, c.value_pence,
    c.annual_pence, c.category_code, c.category_label, c.extends_contract_id, c.file_id, c.line,
    c.stated_on, c.known_from, {touched("c", "contract_register")} AS incomplete"""


def _narrow(question: Question, where: ContractFilter) -> None:
    check_filter(where)
    question.where(question.known("c"))
    question.equal(
        c__organisation=where.organisation,
        c__file_id=where.file_id,
        c__directorate=where.directorate,
        c__procedure=where.procedure,
        c__reference=where.reference,
    )
    if where.supplier_id is not None:
        supplier = question.value(where.supplier_id)
        question.where(
            f"(c.supplier_id = {supplier} OR EXISTS (SELECT FROM live.merged_supplier m"
            f" WHERE m.organisation = c.organisation AND m.supplier_id = c.supplier_id AND m.merged_into = {supplier}"
            f" AND {question.known('m')}))"
        )
    if where.in_force_on is not None:
        day = question.value(where.in_force_on)
        question.where(f"c.starts_on <= {day} AND c.ends_on >= {day}")
    if where.ends_from is not None:
        question.where(f"c.ends_on >= {question.value(where.ends_from)}")
    if where.ends_to is not None:
        question.where(f"c.ends_on <= {question.value(where.ends_to)}")
    if where.search is not None:
        question.contains(where.search, "c.title", "c.description", "c.supplier_name", "c.reference")


async def contracts(
    db: Database,
    _viewer: Viewer,
    where: ContractFilter,
    *,
    order: ContractOrder = ContractOrder.VALUE_DESC,
    page: Page = FIRST_PAGE,
    times: Times = NOW,
) -> PageOf[Contract]:
    """One page of the contracts that a filter lets through; registers are public."""
    check_page(page)
    question, by = Question(times), ORDERS[order]
    _narrow(question, where)
    by.after(question, page.after)
    rows = await db.fetch(
        f"SELECT {_COLUMNS}, {by.by} AS by_, c.contract_id AS key_ FROM live.contract c"
        f" WHERE {question.filter} ORDER BY {by.clause} LIMIT {page.first + 1}",
        *question.values,
    )
    return page_of(rows, page, by.name, lambda row: Contract(**row))


async def contract_totals(db: Database, _viewer: Viewer, where: ContractFilter, *, times: Times = NOW) -> Totals:
    """How many contracts a filter lets through, and their stated values added up."""
    question = Question(times)
    _narrow(question, where)
    return await totals_of(
        db,
        "SELECT count(*) AS count, coalesce(sum(c.value_pence), 0)::bigint AS net_pence"
        f" FROM live.contract c WHERE {question.filter}",
        question.values,
    )


async def contracts_by_id(
    db: Database,
    _viewer: Viewer,
    keys: Sequence[tuple[str, str]],
    *,
    times: Times = NOW,
) -> dict[tuple[str, str], Contract]:
    """The contracts of these organisations and ids, as far as there are any."""
    question = Question(times)
    question.where(question.known("c"))
    organisations = question.value([organisation for organisation, _ in keys])
    ids = question.value([contract_id for _, contract_id in keys])
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM live.contract c WHERE {question.filter}"
        " AND (c.organisation, c.contract_id) IN"
        f" (SELECT * FROM unnest({organisations}::text[], {ids}::text[]))",
        *question.values,
    )
    return {(row["organisation"], row["contract_id"]): Contract(**row) for row in rows}


async def contract(
    db: Database,
    viewer: Viewer,
    organisation: str,
    contract_id: str,
    *,
    times: Times = NOW,
) -> Contract | None:
    """One contract, if there is such a one."""
    key = (organisation, contract_id)
    return (await contracts_by_id(db, viewer, [key], times=times)).get(key)
