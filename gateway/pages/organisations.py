"""Whose records are here, and what does an organisation's summary say?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from gateway import money, reads
from gateway.pages import words
from gateway.pages.asked import Asked, asked
from gateway.pages.files import totals_table
from gateway.pages.lists import known_organisation
from gateway.pages.rendering import Cell, Column, Crumb, Table, count_cell, page, short_cell
from gateway.reads import (
    ContractFilter,
    Figure,
    Page,
    PaymentFilter,
    Summary,
    SupplierFilter,
    SupplierOrder,
    Totals,
)
from gateway.reads.duplicates import recovered_pence
from gateway.reads.freshness import newest_events

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
LARGEST = 10


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure at the head of a summary."""

    text: str
    title: str
    note: str
    href: str


@router.get("/")
async def home(asked: Ask) -> HTMLResponse:
    """The organisations."""
    found = await reads.organisations(asked.db, asked.viewer, times=asked.times)
    rows = []
    for each in found:
        total = await _paid(asked, each.organisation)
        rows.append(
            [
                Cell(each.name, asked.to.organisation(each.organisation), note=each.organisation),
                count_cell(total.count, asked.to.under(each.organisation, "payments")),
                short_cell(total.net_pence, asked.to.under(each.organisation, "payments")),
                Cell(await _as_of(asked, each.organisation)),
            ]
        )
    columns = (
        Column("Organisation"),
        Column("Payments", numeric=True),
        Column("Paid", numeric=True),
        Column("Data as of"),
    )
    return await page(
        asked,
        "organisations.html",
        "Organisations",
        shown=Table("Organisations", columns, rows),
        is_incomplete=any(each.incomplete for each in found),
    )


async def _as_of(asked: Asked, organisation: str) -> str:
    if asked.times.known_at is not None:
        return words.moment(asked.times.known_at)
    newest = await newest_events(asked.db, organisation)
    return words.moment(max(event.recorded_at for event in newest)) if newest else "–"


async def _paid(asked: Asked, organisation: str) -> Totals:
    where = PaymentFilter(organisation=organisation)
    return await reads.payment_totals(asked.db, asked.viewer, where, times=asked.times)


@router.get("/organisations/{organisation}")
async def summary(organisation: str, asked: Ask) -> HTMLResponse:
    """What an organisation spent, on what, and what can be said of it."""
    await known_organisation(asked, organisation)
    told = await reads.summary(asked.db, asked.viewer, organisation, times=asked.times)
    return await page(
        asked,
        "summary.html",
        "Summary",
        organisation=organisation,
        here="summary",
        crumbs=[Crumb("Organisations", asked.to.home())],
        summary=told,
        figures=await _headlines(asked, told),
        by_scope=_parts(asked, told, told.by_scope, "scope", "Scope", words.SCOPES, {}),
        by_answer=_parts(asked, told, told.by_answer, "answer", "What the register shows", words.ANSWERS, IN_SCOPE),
        by_sme=_parts(asked, told, told.by_sme, "sme", "Small or medium-sized", words.KNOWN, IN_SCOPE),
        by_local=_parts(asked, told, told.by_local, "local", "Local", words.KNOWN, IN_SCOPE),
        by_category=_parts(asked, told, told.by_category, "category", "What was bought", _categories(told), IN_SCOPE),
        by_period=_parts(asked, told, told.by_period, "period", "Published for", None, {}),
        largest=await _largest(asked, organisation),
        files=await totals_table(asked, organisation) if asked.sees_whole(organisation) else None,
        recovered=await _recovered(asked, organisation),
    )


async def _recovered(asked: Asked, organisation: str) -> str | None:
    """What came back of payments made twice, for the organisation's own people."""
    if not asked.sees_whole(organisation):
        return None
    pence = await recovered_pence(asked.db, asked.viewer, organisation, times=asked.times)
    return money.pounds(pence)


IN_SCOPE = {"scope": "contract_spend"}
_HELP = {"answer": words.ANSWER_HELP}


def _categories(told: Summary) -> dict[str, str]:
    return {each.value: words.category(each.value) for each in told.by_category}


def _parts(
    asked: Asked,
    told: Summary,
    figures: Sequence[Figure],
    by: str,
    heading: str,
    names: dict[str, str] | None,
    within: dict[str, str],
) -> Table:
    """A breakdown, each part linked to the list that it sums."""
    whole = sum(figure.net_pence for figure in figures)
    largest = max((figure.net_pence for figure in figures), default=0)
    rows = []
    for figure in figures:
        href = asked.to.under(told.organisation, "payments", **within, **{by: figure.value or "none"})
        name = words.period(figure.value) if names is None else names.get(figure.value, figure.value)
        rows.append(
            [
                Cell(name, note=_HELP.get(by, {}).get(figure.value)),
                short_cell(figure.net_pence, href),
                Cell(money.share(figure.net_pence, whole)),
                Cell("", bar=money.width(figure.net_pence, largest)),
                count_cell(figure.count, href),
            ]
        )
    return Table(f"{heading}: paid, share and payments", _columns(heading), rows)


def _columns(heading: str) -> tuple[Column, ...]:
    return (
        Column(heading),
        Column("Paid", numeric=True),
        Column("Share", numeric=True, classes="lp-nowrap"),
        Column("Share as a bar", classes="lp-bar-cell lp-hide-narrow", unseen=True),
        Column("Payments", numeric=True),
    )


async def _headlines(asked: Asked, told: Summary) -> list[Headline]:
    payments = asked.to.under(told.organisation, "payments")
    spent = _value(told.by_scope, "contract_spend")
    on_contract = _value(told.by_answer, "on_contract")
    where = ContractFilter(organisation=told.organisation)
    listed = await reads.contract_totals(asked.db, asked.viewer, where, times=asked.times)
    return [
        Headline(
            money.short(told.total.net_pence),
            money.pounds(told.total.net_pence),
            f"paid in {words.plural(told.total.count, 'payment')}",
            payments,
        ),
        Headline(
            money.short(spent.net_pence),
            money.pounds(spent.net_pence),
            f"of it contract spend, in {words.plural(spent.count, 'payment')}",
            asked.to.under(told.organisation, "payments", **IN_SCOPE),
        ),
        Headline(
            money.share(on_contract.net_pence, spent.net_pence),
            money.pounds(on_contract.net_pence),
            "of contract spend on a named contract, in its term",
            asked.to.under(told.organisation, "payments", **IN_SCOPE, answer="on_contract"),
        ),
        Headline(
            f"{listed.count:,}",
            f"stated values: {money.pounds(listed.net_pence)}",
            "contracts listed in the published register",
            asked.to.under(told.organisation, "contracts"),
        ),
    ]


def _value(figures: Sequence[Figure], value: str) -> Totals:
    for figure in figures:
        if figure.value == value:
            return Totals(count=figure.count, net_pence=figure.net_pence)
    return Totals(count=0, net_pence=0)


async def _largest(asked: Asked, organisation: str) -> Table:
    """Who was paid most, among payments for which no contract was found."""
    where = SupplierFilter(organisation=organisation, scope="contract_spend", answer="no_contract")
    found = await reads.suppliers(
        asked.db,
        asked.viewer,
        where,
        order=SupplierOrder.PAID_DESC,
        page=Page(first=LARGEST),
        times=asked.times,
    )
    rows = []
    for each in found.items:
        href = asked.to.under(organisation, "payments", **IN_SCOPE, answer="no_contract", supplier=each.supplier_id)
        rows.append(
            [
                Cell(each.name, asked.to.one(organisation, "suppliers", each.supplier_id)),
                short_cell(each.net_pence, href),
                count_cell(each.payments, href),
            ]
        )
    columns = (Column("Supplier, as paid"), Column("Paid", numeric=True), Column("Payments", numeric=True))
    return Table("Largest suppliers among payments for which no contract was found", columns, rows)
