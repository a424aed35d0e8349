"""What do the rules for findings look at? Sums by contract and by supplier, and the single payments near a band."""

from collections import defaultdict
from typing import Any

from gateway.bands import BAND_PENCE
from gateway.finding_shapes import Bought, ContractPaid, Covered, Said, Seen, Single, Unmatched
from gateway.findings import NEARLY
from gateway.policy import Viewer, require_whole
from gateway.reads import booked
from gateway.reads.allocations import joined
from gateway.reads.categories import CODE, category_joins
from gateway.reads.filters import PaymentFilter
from gateway.reads.payments import source
from gateway.reads.sql import Database, Question
from gateway.reads.times import NOW, Times

_SUPPLIER = "coalesce(y.supplier_id, p.supplier_id, p.payee_id)"


async def seen(db: Database, viewer: Viewer, organisation: str, *, times: Times = NOW) -> Seen:
    """Everything that the rules look at of one organisation. Raises KeyNeeded, NotSeen: findings are not public."""
    require_whole(viewer, organisation)
    return Seen(
        contracts=await _contracts(db, viewer, organisation, times),
        unmatched=await _unmatched(db, viewer, organisation, times),
        singles=await _singles(db, viewer, organisation, times),
        ordered=await booked.ordered(db, viewer, organisation, times),
        named=await booked.named(db, viewer, organisation, times),
        carded=await booked.carded(db, viewer, organisation, times),
        referenced=await booked.referenced(db, viewer, organisation, times),
        bought=await _bought(db, viewer, organisation, times),
        covered=await _covered(db, organisation, times),
        may_be=await _may_be(db, organisation, times),
        said=await _said(db, organisation, times),
    )


async def _said(db: Database, organisation: str, times: Times) -> dict[str, Said]:
    question = Question(times)
    rows = await db.fetch(
        "SELECT f.finding_id, f.answer, f.reason, f.until, f.answered_on, f.owner, f.due_on FROM live.finding f"
        f" WHERE f.organisation = {question.value(organisation)} AND {question.known('f')}",
        *question.values,
    )
    return {finding: Said(**said) for finding, said in ((row["finding_id"], _without_id(row)) for row in rows)}


def _without_id(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "finding_id"}


async def _contracts(db: Database, viewer: Viewer, organisation: str, times: Times) -> dict[str, ContractPaid]:
    question = Question(times)
    from_ = source(question, viewer, PaymentFilter(organisation=organisation, answer="on_contract"))
    years: defaultdict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for contract, year, payments, pence in await db.fetch(
        f"SELECT c.contract_id, coalesce(extract(year FROM age(p.paid_on, c.starts_on))::int, 0), count(*),"
        f" sum(coalesce(a.share_pence, p.net_pence))::bigint {from_} {joined(question)}"
        " JOIN live.contract c ON c.organisation = p.organisation"
        f" AND c.contract_id = coalesce(a.contract_id, p.contract_id) AND {question.known('c')}"
        f" WHERE {question.filter} AND p.scope = 'contract_spend' GROUP BY 1, 2",
        *question.values,
    ):
        years[contract][year] = payments, pence
    question = Question(times)
    rows = await db.fetch(
        "SELECT c.contract_id, c.title, c.supplier_name, c.value_pence, c.annual_pence, c.starts_on, c.ends_on"
        f" FROM live.contract c WHERE c.organisation = {question.value(organisation)} AND {question.known('c')}",
        *question.values,
    )
    return {row["contract_id"]: ContractPaid(**row, by_year=years.get(row["contract_id"], {})) for row in rows}


async def _unmatched(db: Database, viewer: Viewer, organisation: str, times: Times) -> list[Unmatched]:
    rows = await _without_contract(
        db, viewer, organisation, times,
        f"SELECT {_SUPPLIER} AS supplier_id, max(p.supplier_name) AS name, p.answer,"
        " date_trunc('month', p.paid_on)::date AS month, count(*) AS payments, sum(p.net_pence)::bigint AS net_pence,"
        " p.candidates",
        "AND p.answer IN ('no_contract', 'expired', 'early') GROUP BY 1, 3, 4, 7",
    )  # fmt: skip
    return [Unmatched(**row) for row in rows]


async def _singles(db: Database, viewer: Viewer, organisation: str, times: Times) -> list[Single]:
    rows = await _without_contract(
        db, viewer, organisation, times,
        f"SELECT {_SUPPLIER} AS supplier_id, p.supplier_name AS name, p.paid_on, p.net_pence",
        f"AND p.answer = 'no_contract' AND p.net_pence >= {BAND_PENCE * NEARLY // 100} AND p.net_pence < {BAND_PENCE}"
        " ORDER BY p.paid_on, p.payment_id",
    )  # fmt: skip
    return [Single(**row) for row in rows]


async def _bought(db: Database, viewer: Viewer, organisation: str, times: Times) -> list[Bought]:
    question = Question(times)
    where = PaymentFilter(organisation=organisation, scope="contract_spend", answer="no_contract", withheld=False)
    from_ = source(question, viewer, where)
    rows = await db.fetch(
        f"SELECT {CODE} AS category_code, {_SUPPLIER} AS supplier_id, date_trunc('month', p.paid_on)::date AS month,"
        f" count(*) AS payments, sum(p.net_pence)::bigint AS net_pence {from_} {category_joins(question)}"
        f" LEFT JOIN live.payee y ON y.organisation = p.organisation AND y.payee_id = p.payee_id AND {question.known('y')}"
        f" WHERE {question.filter} AND {CODE} IS NOT NULL GROUP BY 1, 2, 3",
        *question.values,
    )
    return [Bought(**row) for row in rows]


async def _covered(db: Database, organisation: str, times: Times) -> list[Covered]:
    question = Question(times)
    rows = await db.fetch(
        "SELECT c.category_code, c.starts_on, c.ends_on FROM live.contract c"
        f" WHERE c.organisation = {question.value(organisation)} AND {question.known('c')} AND c.category_code <> ''",
        *question.values,
    )
    return [Covered(**row) for row in rows]


async def _may_be(db: Database, organisation: str, times: Times) -> dict[str, list[str]]:
    question = Question(times)
    rows = await db.fetch(
        "SELECT y.payee_id, ARRAY(SELECT DISTINCT s.name FROM live.supplier s WHERE s.organisation = y.organisation"
        f" AND s.supplier_id = ANY(y.candidates) AND {question.known('s')} ORDER BY s.name) AS names FROM live.payee y"
        f" WHERE y.organisation = {question.value(organisation)} AND {question.known('y')}"
        " AND y.supplier_id IS NULL AND y.candidates <> '{}'",
        *question.values,
    )
    return {row["payee_id"]: row["names"] for row in rows}


async def _without_contract(
    db: Database, viewer: Viewer, organisation: str, times: Times, select: str, only: str
) -> list[Any]:
    """Contract spend that is not withheld, with the supplier behind each name."""
    question = Question(times)
    from_ = source(question, viewer, PaymentFilter(organisation=organisation, scope="contract_spend", withheld=False))
    found: list[Any] = await db.fetch(
        f"{select} {from_} LEFT JOIN live.payee y ON y.organisation = p.organisation AND y.payee_id = p.payee_id"
        f" AND {question.known('y')} WHERE {question.filter} {only}",
        *question.values,
    )
    return found
