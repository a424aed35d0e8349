"""Which contracts does the register list, and what was paid on each?"""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from gateway import lines, money, reads
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.burns import burnt
from gateway.pages.facts import facts_behind
from gateway.pages.lists import Field, every, incomplete, known_organisation, narrowed, paging
from gateway.pages.outcomes import promised_on
from gateway.pages.payments import payments_table
from gateway.pages.rendering import Cell, Column, Crumb, Table, page, pounds_cell
from gateway.pages.sections import Section
from gateway.places import name_of
from gateway.reads import BadInput, Contract, ContractFilter, ContractOrder, Page, PaymentFilter, models

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
SHOWN = 10
ORDERS = {
    "": "Largest value first",
    ContractOrder.ENDS_ON_ASC.value: "Ends first",
    ContractOrder.ENDS_ON_DESC.value: "Ends last",
    ContractOrder.STARTS_ON_DESC.value: "Newest first",
    ContractOrder.TITLE_ASC.value: "By title",
}


def _filter(asked: Asked, organisation: str) -> ContractFilter:
    return ContractFilter(
        organisation=organisation,
        supplier_id=asked.text("supplier"),
        file_id=asked.text("file"),
        directorate=asked.text("directorate"),
        reference=asked.text("reference"),
        in_force_on=_day(asked, "in_force_on"),
        ends_from=_day(asked, "ends_from"),
        ends_to=_day(asked, "ends_to"),
        search=asked.text("q"),
    )


def _day(asked: Asked, name: str) -> date | None:
    text = asked.text(name)
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BadInput(name, "Give a day, as 2026-03-31.") from None


def _order(asked: Asked) -> ContractOrder:
    text = asked.text("order")
    try:
        return ContractOrder.VALUE_DESC if text is None else ContractOrder(text)
    except ValueError:
        raise BadInput("order", f"Use one of: {', '.join(order for order in ORDERS if order)}.") from None


@router.get("/organisations/{organisation}/contracts")
@router.get("/organisations/{organisation}/contracts.csv")
@router.get("/organisations/{organisation}/contracts.xlsx")
async def listed(organisation: str, asked: Ask) -> Response:
    """Contracts, and what their stated values add up to."""
    await known_organisation(asked, organisation)
    where, order = _filter(asked, organisation), _order(asked)
    if (form := asked.download) is not None:
        return await spreadsheets.answer(form, f"{organisation}-contracts", CSV, _csv_rows(asked, where, order))
    total = await reads.contract_totals(asked.db, asked.viewer, where, times=asked.times)
    found = await reads.contracts(asked.db, asked.viewer, where, order=order, page=asked.page(), times=asked.times)
    return await page(
        asked,
        "list.html",
        "Contracts",
        organisation=organisation,
        here="contracts",
        crumbs=_crumbs(asked, organisation)[:2],
        total=f"{words.plural(total.count, 'contract')}, stated values {money.pounds(total.net_pence)} in all",
        narrowed=_narrowed(asked),
        fields=_fields(asked),
        kept=[(n, v) for n, v in asked.request.query_params.items() if n in _KEPT],
        shown=contracts_table(asked, found.items),
        is_incomplete=await incomplete(asked, models.CONTRACTS, organisation),
        csv=True,
        pages=paging(asked, found),
    )


_KEPT = ("supplier", "file", "directorate", "reference", "ends_from", "ends_to")


def _fields(asked: Asked) -> list[Field]:
    given = asked.request.query_params
    return [
        Field("q", "Title, supplier or reference", given.get("q", "")),
        Field("in_force_on", "In force on (as 2021-06-30)", given.get("in_force_on", "")),
        Field(
            "order",
            "Order",
            given.get("order", ""),
            [{"value": value, "text": text} for value, text in ORDERS.items()],
        ),
    ]


def _narrowed(asked: Asked) -> list[tuple[str, str, str]]:
    given = asked.request.query_params
    return narrowed(
        asked,
        {
            "supplier": ("supplier", given.get("supplier", "")),
            "file": ("source file", given.get("file", "")[:12]),
            "directorate": ("directorate", given.get("directorate", "")),
            "reference": ("reference", given.get("reference", "")),
            "in_force_on": ("in force on", given.get("in_force_on", "") or "any day"),
            "q": ("with", given.get("q", "")),
        },
    )


_COLUMNS = (
    Column("Contract"),
    Column("Supplier"),
    Column("Starts", classes="lp-nowrap"),
    Column("Ends", classes="lp-nowrap"),
    Column("Stated value", numeric=True, classes="lp-nowrap"),
)


def contracts_table(asked: Asked, contracts: Sequence[Contract]) -> Table:
    """Contracts as a table; each opens into its own page."""
    return Table("Contracts", _COLUMNS, [_row(asked, contract) for contract in contracts])


def _row(asked: Asked, contract: Contract) -> list[Cell]:
    one = asked.to.one(contract.organisation, "contracts", contract.contract_id)
    return [
        Cell(contract.title or "No title given", one, note=contract.reference),
        supplier_cell(asked, contract),
        Cell(words.day(contract.starts_on)),
        Cell(words.day(contract.ends_on)),
        pounds_cell(contract.value_pence, one),
    ]


def supplier_cell(asked: Asked, contract: Contract) -> Cell:
    """The contract's supplier."""
    known = contract.supplier_id
    href = None if known is None else asked.to.one(contract.organisation, "suppliers", known)
    return Cell(contract.supplier_name or "None named", href)


@router.get("/organisations/{organisation}/contracts/{contract_id}")
async def one(organisation: str, contract_id: str, asked: Ask) -> Response:
    """One contract, what was paid on it, and its facts."""
    found = await reads.contract(asked.db, asked.viewer, organisation, contract_id, times=asked.times)
    if found is None:
        raise HTTPException(404, "There is no such contract on record.")
    promised = await promised_on(asked, found)
    shown = (*models.PAYMENTS, *(models.OUTCOMES if promised else ()))
    return await page(
        asked,
        "record.html",
        found.title or "No title given",
        organisation=organisation,
        here="contracts",
        crumbs=_crumbs(asked, organisation),
        kind="Contract, as the published register states it",
        rows=[*await burnt(asked, found), *_stated(asked, found)],
        note=None,
        tables=[await _payments(asked, found), *promised],
        is_incomplete=await incomplete(asked, shown, organisation),
        behind=await facts_behind(asked, organisation, reads.evidence_of_contract(found)),
    )


def _stated(asked: Asked, contract: Contract) -> list[tuple[str, Cell]]:
    organisation = contract.organisation
    extends = contract.extends_contract_id
    rows = [
        ("Supplier", supplier_cell(asked, contract)),
        ("Reference", Cell(contract.reference or "None given")),
        ("Description", Cell(contract.description or "None given")),
        ("Term", Cell(f"{words.day(contract.starts_on)} to {words.day(contract.ends_on)}")),
        ("Stated value", pounds_cell(contract.value_pence)),
        ("Stated value a year", pounds_cell(contract.annual_pence)),
        ("Directorate", Cell(contract.directorate or "Not stated")),
        ("Procedure", Cell(contract.procedure or "Not stated")),
        ("Category", Cell(contract.category_label or "Not stated", note=contract.category_code)),
    ]
    if extends is not None:
        rows.append(
            ("Extends", Cell("Another contract of this register", asked.to.one(organisation, "contracts", extends)))
        )
    file = asked.to.one(organisation, "files", contract.file_id)
    return [
        *rows,
        (
            "Source",
            Cell(f"Line {contract.line} of a register", file, note=f"Stated {words.day(contract.stated_on)}"),
        ),
        ("Contract", Cell(contract.contract_id, mono=True)),
    ]


async def _payments(asked: Asked, contract: Contract) -> Section:
    where = PaymentFilter(organisation=contract.organisation, contract_id=contract.contract_id)
    total = await reads.payment_totals(asked.db, asked.viewer, where, times=asked.times)
    found = await reads.payments(asked.db, asked.viewer, where, page=Page(first=SHOWN), times=asked.times)
    more = asked.to.under(contract.organisation, "payments", contract=contract.contract_id)
    return Section(
        "Payments found to be on it",
        payments_table(asked, found.items),
        lead=f"{words.plural(total.count, 'payment')}, {money.pounds(total.net_pence)} in all, without VAT."
        " Only payments for which no other contract of the supplier could be meant.",
        more=more if total.count else None,
        more_text="All payments on it, and as CSV",
    )


def _crumbs(asked: Asked, organisation: str) -> list[Crumb]:
    return [
        Crumb("Organisations", asked.to.home()),
        Crumb(name_of(organisation), asked.to.organisation(organisation)),
        Crumb("Contracts", asked.to.under(organisation, "contracts")),
    ]


CSV = (
    "OrganisationLabel",
    "OrganisationURI",
    "ContractReference",
    "ContractTitle",
    "OrganisationalUnit",
    "Description",
    "StartDate",
    "EndDate",
    "ContractValue",
    "SupplierName",
    "ProcessType",
    "AnnualValue",
    "CategoryCode",
    "CategoryLabel",
    "SupplierId",
    "ExtendsContractId",
    "StatedOn",
    "SourceFile",
    "SourceLine",
    "ContractId",
)
"""As in the Local Government Association's schema for contracts where it has a name, then ours."""


async def _csv_rows(asked: Asked, where: ContractFilter, order: ContractOrder) -> AsyncIterator[spreadsheets.Row]:
    found = every(
        lambda part: reads.contracts(asked.db, asked.viewer, where, order=order, page=part, times=asked.times)
    )
    async for contract in found:
        yield _csv_row(contract)


def _csv_row(contract: Contract) -> Sequence[lines.Cell | spreadsheets.Number]:
    return (
        name_of(contract.organisation),
        contract.organisation,
        contract.reference,
        contract.title,
        contract.directorate,
        contract.description,
        _iso(contract.starts_on),
        _iso(contract.ends_on),
        spreadsheets.Number(money.decimal(contract.value_pence)),
        contract.supplier_name,
        contract.procedure,
        spreadsheets.Number(money.decimal(contract.annual_pence)),
        contract.category_code,
        contract.category_label,
        contract.supplier_id,
        contract.extends_contract_id,
        contract.stated_on.isoformat(),
        contract.file_id,
        contract.line,
        contract.contract_id,
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
