"""Whom does an organisation buy from, and what of it was on contract?"""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response
from fastapi.responses import RedirectResponse

from gateway import money, reads
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.contracts import contracts_table
from gateway.pages.facts import facts_behind
from gateway.pages.lists import Field, every, incomplete, known_organisation, narrowed, options, paging
from gateway.pages.payment_filters import filter_of
from gateway.pages.payments import payments_table
from gateway.pages.rendering import Cell, Column, Crumb, Table, count_cell, page, short_cell
from gateway.pages.sections import Section
from gateway.places import name_of
from gateway.reads import (
    ContractFilter,
    Dimension,
    Page,
    PaymentFilter,
    Supplier,
    SupplierFilter,
    SupplierOrder,
    models,
)
from gateway.reads.payees import supplier_of_payee

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
SHOWN = 10
FOUND = 302
REGISTERED = {"yes": "On the register", "no": "Not on the register"}


def _filter(asked: Asked, organisation: str) -> SupplierFilter:
    paid = filter_of(asked, organisation)
    return SupplierFilter(
        organisation=organisation,
        registered={"yes": True, "no": False}.get(asked.text("registered") or ""),
        sme=paid.sme,
        local=paid.local,
        scope=paid.scope or None,
        answer=paid.answer or None,
        search=paid.search,
    )


def _order(asked: Asked) -> SupplierOrder:
    return SupplierOrder.NAME_ASC if asked.text("order") == "name_asc" else SupplierOrder.PAID_DESC


@router.get("/organisations/{organisation}/suppliers")
@router.get("/organisations/{organisation}/suppliers.csv")
@router.get("/organisations/{organisation}/suppliers.xlsx")
async def listed(organisation: str, asked: Ask) -> Response:
    """Suppliers, and what they were paid."""
    await known_organisation(asked, organisation)
    where, order = _filter(asked, organisation), _order(asked)
    if (form := asked.download) is not None:
        return await spreadsheets.answer(form, f"{organisation}-suppliers", CSV, _csv_rows(asked, where, order))
    total = await reads.supplier_totals(asked.db, asked.viewer, where, times=asked.times)
    found = await reads.suppliers(asked.db, asked.viewer, where, order=order, page=asked.page(), times=asked.times)
    return await page(
        asked,
        "list.html",
        "Suppliers",
        organisation=organisation,
        here="suppliers",
        crumbs=_crumbs(asked, organisation)[:2],
        total=f"{words.plural(total.count, 'supplier')}, paid {money.pounds(total.net_pence)} together",
        narrowed=_narrowed(asked),
        fields=_fields(asked),
        kept=[(n, v) for n, v in asked.request.query_params.items() if n in {"sme", "local", "scope", "answer"}],
        shown=suppliers_table(asked, found.items),
        is_incomplete=await incomplete(asked, models.SUPPLIERS, organisation),
        csv=True,
        pages=paging(asked, found),
    )


def _fields(asked: Asked) -> list[Field]:
    given = asked.request.query_params
    orders = [{"value": "", "text": "Most paid first"}, {"value": "name_asc", "text": "By name"}]
    return [
        Field("q", "Name", given.get("q", "")),
        Field("registered", "Register", given.get("registered", ""), options(REGISTERED, "All")),
        Field("order", "Order", given.get("order", ""), orders),
    ]


def _narrowed(asked: Asked) -> list[tuple[str, str, str]]:
    given = asked.request.query_params
    return narrowed(
        asked,
        {
            "scope": ("paid for", words.SCOPES.get(given.get("scope", ""), "")),
            "answer": ("against the register", words.ANSWERS.get(given.get("answer", ""), "")),
            "sme": ("small or medium-sized", words.KNOWN.get(given.get("sme", ""), "")),
            "local": ("local", words.KNOWN.get(given.get("local", ""), "")),
            "registered": ("register", REGISTERED.get(given.get("registered", ""), "All")),
            "q": ("named", given.get("q", "")),
        },
    )


_COLUMNS = (
    Column("Supplier"),
    Column("On the register"),
    Column("Small or medium-sized"),
    Column("Local"),
    Column("Payments", numeric=True),
    Column("Paid", numeric=True, classes="lp-nowrap"),
)


def suppliers_table(asked: Asked, suppliers: Sequence[Supplier]) -> Table:
    """Suppliers as a table; each figure opens into its payments."""
    kept = {name: asked.request.query_params.get(name) for name in ("scope", "answer")}
    return Table("Suppliers", _COLUMNS, [_row(asked, supplier, kept) for supplier in suppliers])


def _row(asked: Asked, supplier: Supplier, kept: dict[str, str | None]) -> list[Cell]:
    paid = asked.to.under(supplier.organisation, "payments", **kept, supplier=supplier.supplier_id)
    return [
        Cell(supplier.name, asked.to.one(supplier.organisation, "suppliers", supplier.supplier_id)),
        Cell("Yes" if supplier.registered else "No"),
        Cell(words.KNOWN[supplier.sme]),
        Cell(words.KNOWN[supplier.local]),
        count_cell(supplier.payments, paid),
        short_cell(supplier.net_pence, paid),
    ]


@router.get("/organisations/{organisation}/suppliers/{supplier_id}")
async def one(organisation: str, supplier_id: str, asked: Ask) -> Response:
    """One supplier: what it was paid, its contracts, its facts."""
    found = await reads.supplier(asked.db, asked.viewer, organisation, supplier_id, times=asked.times)
    if found is None:
        known_as = await supplier_of_payee(asked.db, organisation, supplier_id, times=asked.times)
        if known_as is not None:
            return RedirectResponse(asked.to.one(organisation, "suppliers", known_as), FOUND)
        raise HTTPException(404, "There is no such supplier on record that you may see.")
    return await page(
        asked,
        "record.html",
        found.name or "No name given",
        organisation=organisation,
        here="suppliers",
        crumbs=_crumbs(asked, organisation),
        kind="Supplier" if found.registered else "Payee, not known to be on the register",
        rows=_stated(asked, found),
        note=None,
        tables=[await _answers(asked, found), await _contracts(asked, found), await _payments(asked, found)],
        is_incomplete=await incomplete(asked, models.SUPPLIERS, organisation),
        behind=await facts_behind(asked, organisation, reads.evidence_of_supplier(found)),
    )


def _stated(asked: Asked, supplier: Supplier) -> list[tuple[str, Cell]]:
    paid = asked.to.under(supplier.organisation, "payments", supplier=supplier.supplier_id)
    rows = [
        ("Paid", Cell(money.pounds(supplier.net_pence), paid, note=words.plural(supplier.payments, "payment"))),
        ("On the register", Cell("Yes" if supplier.registered else "Not known to be")),
    ]
    if supplier.registered:
        file = supplier.file_id and asked.to.one(supplier.organisation, "files", supplier.file_id)
        rows += [
            ("Company number", Cell(supplier.company_number or "Not stated")),
            ("Other registers", Cell(", ".join(supplier.additional_identifiers) or "None stated")),
            ("Postcode", Cell(supplier.postcode or "Not stated")),
            ("Small or medium-sized", Cell(words.KNOWN[supplier.sme], note="As the register says.")),
            ("Local", Cell(words.KNOWN[supplier.local], note="By the postcode that the register gives.")),
            (
                "Source",
                Cell(
                    f"Line {supplier.line} of a register", file or None, note=f"Stated {words.day(supplier.stated_on)}"
                ),
            ),
        ]
    if supplier.merged_into is not None:
        other = asked.to.one(supplier.organisation, "suppliers", supplier.merged_into)
        rows.append(("Taken for", Cell(supplier.merged_into, other, note="A person decided that the two are one.")))
    rows += [
        ("Also on the register as", Cell(each, asked.to.one(supplier.organisation, "suppliers", each)))
        for each in supplier.merged
    ]
    return [*rows, ("Supplier", Cell(supplier.supplier_id, mono=True))]


async def _answers(asked: Asked, supplier: Supplier) -> Section:
    organisation, key = supplier.organisation, supplier.supplier_id
    within = {"scope": "contract_spend", "supplier": key}
    where = PaymentFilter(organisation=organisation, scope="contract_spend", supplier_id=key)
    found = await reads.figures(asked.db, asked.viewer, where, Dimension.ANSWER, times=asked.times)
    rows = []
    for figure in found:
        href = asked.to.under(organisation, "payments", **within, answer=figure.value or "none")
        rows.append(
            [
                Cell(words.ANSWERS[figure.value], note=words.ANSWER_HELP.get(figure.value)),
                count_cell(figure.count, href),
                short_cell(figure.net_pence, href),
            ]
        )
    columns = (Column("What the register shows"), Column("Payments", numeric=True), Column("Paid", numeric=True))
    return Section(
        "Its contract spend, against the register", Table("Contract spend, against the register", columns, rows)
    )


async def _contracts(asked: Asked, supplier: Supplier) -> Section:
    where = ContractFilter(organisation=supplier.organisation, supplier_id=supplier.supplier_id)
    found = await reads.contracts(asked.db, asked.viewer, where, page=Page(first=SHOWN), times=asked.times)
    more = asked.to.under(supplier.organisation, "contracts", supplier=supplier.supplier_id)
    return Section(
        "Contracts on the register",
        contracts_table(asked, found.items),
        more=more if found.has_next else None,
        more_text="All its contracts",
    )


async def _payments(asked: Asked, supplier: Supplier) -> Section:
    where = PaymentFilter(organisation=supplier.organisation, supplier_id=supplier.supplier_id)
    found = await reads.payments(asked.db, asked.viewer, where, page=Page(first=SHOWN), times=asked.times)
    more = asked.to.under(supplier.organisation, "payments", supplier=supplier.supplier_id)
    return Section(
        "Newest payments", payments_table(asked, found.items), more=more, more_text="All its payments, and as CSV"
    )


def _crumbs(asked: Asked, organisation: str) -> list[Crumb]:
    return [
        Crumb("Organisations", asked.to.home()),
        Crumb(name_of(organisation), asked.to.organisation(organisation)),
        Crumb("Suppliers", asked.to.under(organisation, "suppliers")),
    ]


CSV = (
    "OrganisationLabel",
    "OrganisationURI",
    "SupplierName",
    "CompaniesHouseRegistrationNumber",
    "Postcode",
    "SMESupplier",
    "Local",
    "OnRegister",
    "Payments",
    "Paid",
    "SupplierId",
)


async def _csv_rows(asked: Asked, where: SupplierFilter, order: SupplierOrder) -> AsyncIterator[spreadsheets.Row]:
    found = every(
        lambda part: reads.suppliers(asked.db, asked.viewer, where, order=order, page=part, times=asked.times)
    )
    async for supplier in found:
        yield (
            name_of(supplier.organisation),
            supplier.organisation,
            supplier.name,
            supplier.company_number,
            supplier.postcode,
            supplier.sme,
            supplier.local,
            "yes" if supplier.registered else "no",
            supplier.payments,
            spreadsheets.Number(money.decimal(supplier.net_pence)),
            supplier.supplier_id,
        )
