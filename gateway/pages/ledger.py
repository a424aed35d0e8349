"""What does the organisation's ledger say: orders and what was paid under them, pay runs, its supplier master?"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from gateway import money
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.lists import every, incomplete, known_organisation, paging
from gateway.pages.rendering import Cell, Column, Crumb, Table, count_cell, page, pounds_cell
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.reads import PageOf, Totals, ledger, models

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list of the ledger: where its rows come from, and how they are shown and written."""

    title: str
    here: str
    read: Callable[..., Awaitable[PageOf[Any]]]
    totals: Callable[..., Awaitable[Totals]]
    total: Callable[[Totals], str]
    columns: Sequence[Column]
    row: Callable[[Asked, Any], list[Cell]]
    sheet: Sequence[str]
    line: Callable[[Any], spreadsheets.Row]


def _number(pence: int | None) -> spreadsheets.Number:
    return spreadsheets.Number("" if pence is None else money.decimal(pence) or "")


def _order(asked: Asked, each: ledger.PurchaseOrder) -> list[Cell]:
    paid = asked.to.under(each.organisation, "payments", purchase_order=each.purchase_order)
    return [
        Cell(each.purchase_order, note=f"Raised {words.day(each.raised_on)}"),
        Cell(each.supplier_name, note=each.description or None),
        Cell(each.contract_reference or "None named"),
        Cell("Not stated") if each.net_pence is None else pounds_cell(each.net_pence),
        pounds_cell(each.paid_pence, paid),
        count_cell(each.payments, paid),
    ]


def _pay_run(asked: Asked, each: ledger.PayRun) -> list[Cell]:
    found = asked.to.under(each.organisation, "payments", pay_run=each.pay_run)
    return [
        Cell(each.pay_run),
        Cell("Agrees" if each.agrees else f"Differs by {money.pounds(each.found_pence - each.stated_pence)}"),
        pounds_cell(each.stated_pence),
        Cell(f"{each.stated_payments:,}"),
        pounds_cell(each.found_pence, found),
        count_cell(each.found_payments, found),
    ]


def _supplier(_asked: Asked, each: ledger.StatedSupplier) -> list[Cell]:
    return [
        Cell(each.supplier_code),
        Cell(each.name, note=each.trading_name),
        Cell(each.company_number or "Not stated"),
        Cell(each.vat_number or "Not stated"),
        Cell(each.postcode or "Not stated"),
    ]


ORDERS = Listing(
    title="Purchase orders",
    here="orders",
    read=ledger.purchase_orders,
    totals=ledger.purchase_order_totals,
    total=lambda found: f"{words.plural(found.count, 'order')}, {money.pounds(found.net_pence)} where an amount is stated",
    columns=(
        Column("Order"), Column("Supplier"), Column("Contract"), Column("Ordered", numeric=True),
        Column("Paid", numeric=True), Column("Payments", numeric=True),
    ),
    row=_order,
    sheet=("OrganisationURI", "PurchaseOrder", "RaisedOn", "SupplierName", "SupplierCode", "CompanyNumber",
           "ContractRef", "Department", "Description", "ProclassCode", "Ordered", "Paid", "Payments"),
    line=lambda each: (
        each.organisation, each.purchase_order, each.raised_on.isoformat(), each.supplier_name, each.supplier_code,
        each.company_number, each.contract_reference, each.department, each.description, each.proclass_code, _number(each.net_pence),
        _number(each.paid_pence), each.payments,
    ),
)  # fmt: skip
PAY_RUNS = Listing(
    title="Pay runs",
    here="pay-runs",
    read=ledger.pay_runs,
    totals=ledger.pay_run_totals,
    total=lambda found: f"{words.plural(found.count, 'pay run')}, {money.pounds(found.net_pence)} as the ledger states",
    columns=(
        Column("Pay run"), Column("Compared"), Column("Stated", numeric=True), Column("Payments", numeric=True),
        Column("On record", numeric=True), Column("Payments on record", numeric=True),
    ),
    row=_pay_run,
    sheet=("OrganisationURI", "PayRun", "Agrees", "StatedPayments", "Stated", "FoundPayments", "Found"),
    line=lambda each: (
        each.organisation, each.pay_run, "yes" if each.agrees else "no", each.stated_payments,
        _number(each.stated_pence), each.found_payments, _number(each.found_pence),
    ),
)  # fmt: skip
MASTER = Listing(
    title="Supplier master",
    here="supplier-master",
    read=ledger.stated_suppliers,
    totals=ledger.stated_supplier_totals,
    total=lambda found: f"{words.plural(found.count, 'supplier')} in the ledger’s master data",
    columns=(Column("Code"), Column("Name"), Column("Company number"), Column("VAT number"), Column("Postcode")),
    row=_supplier,
    sheet=("OrganisationURI", "SupplierCode", "Name", "TradingName", "CompanyNumber", "CharityNumber", "VATNumber",
           "Postcode", "SitePostcode"),
    line=lambda each: (
        each.organisation, each.supplier_code, each.name, each.trading_name, each.company_number, each.charity_number,
        each.vat_number, each.postcode, each.site_postcode,
    ),
)  # fmt: skip


LISTINGS = (ORDERS, PAY_RUNS, MASTER)


@router.get("/organisations/{organisation}/orders")
@router.get("/organisations/{organisation}/orders.csv")
@router.get("/organisations/{organisation}/orders.xlsx")
async def orders(organisation: str, asked: Ask) -> Response:
    """Purchase orders, and what was paid under each."""
    return await _listed(ORDERS, organisation, asked)


@router.get("/organisations/{organisation}/pay-runs")
@router.get("/organisations/{organisation}/pay-runs.csv")
@router.get("/organisations/{organisation}/pay-runs.xlsx")
async def pay_runs(organisation: str, asked: Ask) -> Response:
    """Pay runs, and whether they agree with what is on record."""
    return await _listed(PAY_RUNS, organisation, asked)


@router.get("/organisations/{organisation}/supplier-master")
@router.get("/organisations/{organisation}/supplier-master.csv")
@router.get("/organisations/{organisation}/supplier-master.xlsx")
async def supplier_master(organisation: str, asked: Ask) -> Response:
    """The suppliers of the ledger's master data."""
    return await _listed(MASTER, organisation, asked)


async def _listed(listing: Listing, organisation: str, asked: Asked) -> Response:
    require_whole(asked.viewer, organisation)
    await known_organisation(asked, organisation)
    if (form := asked.download) is not None:
        name = f"{organisation}-{listing.here}"
        return await spreadsheets.answer(form, name, listing.sheet, _lines(listing, organisation, asked))
    total = await listing.totals(asked.db, asked.viewer, organisation, times=asked.times)
    found = await listing.read(asked.db, asked.viewer, organisation, page=asked.page(), times=asked.times)
    return await page(
        asked,
        "list.html",
        listing.title,
        organisation=organisation,
        here=listing.here,
        crumbs=[
            Crumb("Organisations", asked.to.home()),
            Crumb(name_of(organisation), asked.to.organisation(organisation)),
        ],
        total=listing.total(total),
        others=[(other.title, asked.to.under(organisation, other.here)) for other in LISTINGS if other is not listing],
        narrowed=[],
        fields=[],
        kept=[],
        shown=Table(listing.title, listing.columns, [listing.row(asked, each) for each in found.items]),
        is_incomplete=await incomplete(asked, models.LEDGER, organisation),
        csv=True,
        pages=paging(asked, found),
    )


async def _lines(listing: Listing, organisation: str, asked: Asked) -> AsyncIterator[spreadsheets.Row]:
    found = every(lambda part: listing.read(asked.db, asked.viewer, organisation, page=part, times=asked.times))
    async for each in found:
        yield listing.line(each)
