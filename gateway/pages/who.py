"""Who is paid: small, voluntary or local suppliers under each definition, and how concentrated spending is."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway import money
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.lists import incomplete, known_organisation
from gateway.pages.rendering import Cell, Column, Crumb, Table, page, short_cell
from gateway.places import name_of
from gateway.reads import models
from gateway.reads.who import paid_by_supplier
from gateway.who import (
    ELSEWHERE,
    RULES_DATED,
    UNPLACED,
    Concentration,
    Paid,
    Parts,
    Share,
    by_ward,
    concentration,
    shares,
)

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
SHEET = ("OrganisationURI", "Definition", "Basis", "RulesDated", "Denominator", "Answer", "Amount")
_COLUMNS = (
    Column("Definition"),
    Column("Yes", numeric=True, classes="lp-nowrap"),
    Column("No", numeric=True, classes="lp-nowrap"),
    Column("Not known", numeric=True, classes="lp-nowrap"),
)


@router.get("/organisations/{organisation}/who")
@router.get("/organisations/{organisation}/who.csv")
@router.get("/organisations/{organisation}/who.xlsx")
async def shown(organisation: str, asked: Ask) -> Response:
    """Shares by definition, and concentration."""
    await known_organisation(asked, organisation)
    suppliers = await paid_by_supplier(asked.db, asked.viewer, organisation, times=asked.times)
    found = shares(organisation, suppliers)
    if (form := asked.download) is not None:
        return await spreadsheets.answer(form, f"{organisation}-who", SHEET, _sheet(organisation, found))
    return await page(
        asked,
        "who.html",
        "Who is paid",
        organisation=organisation,
        here="who",
        crumbs=[
            Crumb("Organisations", asked.to.home()),
            Crumb(name_of(organisation), asked.to.organisation(organisation)),
        ],
        paid=money.pounds(sum(each.net_pence for each in suppliers)),
        contract_spend=money.pounds(sum(each.contract_pence for each in suppliers)),
        of_contract_spend=_table("Shares of contract spend", [(each, each.of_contract_spend) for each in found]),
        of_all=_table("Shares of all that was paid", [(each, each.of_all) for each in found]),
        wards=_wards(organisation, suppliers),
        concentration=_concentration(concentration(each.contract_pence for each in suppliers)),
        is_incomplete=await incomplete(asked, models.SUPPLIERS, organisation),
        csv=True,
    )


def _table(caption: str, found: Sequence[tuple[Share, Parts]]) -> Table:
    rows = [
        [
            Cell(each.definition.name, note=f"By {each.definition.basis}."),
            *(
                Cell(money.share(part, parts.whole), note=money.short(part))
                for part in (parts.yes, parts.no, parts.unknown)
            ),
        ]
        for each, parts in found
    ]
    return Table(f"{caption}, by rules of {words.day(RULES_DATED)}", _COLUMNS, rows)


def _wards(organisation: str, suppliers: Sequence[Paid]) -> Table:
    names = {ELSEWHERE: "Elsewhere", UNPLACED: "Not known"}
    rows = [
        [Cell(names.get(each.code, each.code)), short_cell(each.contract_pence), short_cell(each.net_pence)]
        for each in by_ward(organisation, suppliers)
    ]
    columns = (Column("Ward"), Column("Contract spend", numeric=True), Column("All that was paid", numeric=True))
    return Table("By ward of the council's own area", columns, rows)


def _concentration(found: Concentration) -> Table:
    rows = [
        [Cell("Suppliers paid"), Cell(f"{found.suppliers:,}")],
        [
            Cell("Concentration", note="Herfindahl-Hirschman index: 0 is many small suppliers, 10,000 is one."),
            Cell(f"{found.index:,}"),
        ],
        [
            Cell("The tail", note="The smallest suppliers that together receive at most a fifth of contract spend."),
            Cell(words.plural(found.tail_suppliers, "supplier"), note=money.short(found.tail_pence)),
        ],
    ]
    return Table("Concentration of contract spend", (Column("What"), Column("Figure", numeric=True)), rows)


async def _sheet(organisation: str, found: Sequence[Share]) -> AsyncIterator[spreadsheets.Row]:
    for each in found:
        for denominator, parts in (("all", each.of_all), ("contract_spend", each.of_contract_spend)):
            for answer, pence in (("yes", parts.yes), ("no", parts.no), ("unknown", parts.unknown)):
                yield (
                    organisation, each.definition.name, each.definition.basis, RULES_DATED.isoformat(), denominator,
                    answer, spreadsheets.Number(money.decimal(pence)),
                )  # fmt: skip
