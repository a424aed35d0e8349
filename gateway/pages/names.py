"""Which supplier is behind each name that was paid, why, and whom must a person still decide on?"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from gateway import money, reads
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.facts import facts_behind
from gateway.pages.lists import Field, every, incomplete, known_organisation, narrowed, options, paging
from gateway.pages.rendering import Cell, Column, Crumb, Table, page, pounds_cell
from gateway.pages.sections import Section
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.reads import BadInput, NameFilter, NameOrder, PaidName, models

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
STATES = {"linked": "Known to be on the register", "proposed": "To be decided", "unknown": "No longer certain"}
BASES = {
    "company_number": "The same company number",
    "identifier": "The same charity, society or VAT number",
    "charity_register": "The company that the Charity Commission’s register gives for its charity number",
    "normalised_name": "The same name",
    "name_evidence": "Evidence in the name",
    "person": "A person decided",
    "supplier_master": "A number that the ledger’s supplier master gives",
}
_COLUMNS = (
    Column("Name, as paid"),
    Column("Supplier on the register"),
    Column("Why"),
    Column("Payments", numeric=True),
    Column("Paid", numeric=True),
)
SHEET = (
    "OrganisationURI", "PayeeId", "Name", "State", "SupplierId", "RegisteredName", "Basis", "Evidence", "Score",
    "RulesDated", "Candidates", "CandidateEvidence", "Decided", "Reason", "Payments", "Amount",
)  # fmt: skip


def _filter(asked: Asked, organisation: str) -> NameFilter:
    state = asked.text("state")
    if state is not None and state not in STATES:
        raise BadInput("state", f"Use one of: {', '.join(STATES)}.")
    return NameFilter(organisation=organisation, state=state, search=asked.text("search"))


@router.get("/organisations/{organisation}/names")
@router.get("/organisations/{organisation}/names.csv")
@router.get("/organisations/{organisation}/names.xlsx")
async def listed(organisation: str, asked: Ask) -> Response:
    """Names that were paid and are, were or may be a supplier of the register."""
    require_whole(asked.viewer, organisation)
    await known_organisation(asked, organisation)
    where = _filter(asked, organisation)
    if (form := asked.download) is not None:
        return await spreadsheets.answer(form, f"{organisation}-names", SHEET, _sheet(asked, where))
    total = await reads.name_totals(asked.db, asked.viewer, where, times=asked.times)
    found = await reads.names(
        asked.db, asked.viewer, where, order=NameOrder.PAID_DESC, page=asked.page(), times=asked.times
    )
    given = asked.request.query_params
    return await page(
        asked,
        "list.html",
        "Names and links",
        organisation=organisation,
        here="names",
        crumbs=_crumbs(asked, organisation)[:2],
        total=f"{words.plural(total.count, 'name')}, paid {money.pounds(total.net_pence)}",
        narrowed=narrowed(asked, {"state": ("state", STATES.get(given.get("state", ""), ""))}),
        fields=[Field("state", "State", given.get("state", ""), options(STATES, "All"))],
        kept=[],
        shown=Table("Names and links", _COLUMNS, [_row(asked, each) for each in found.items]),
        is_incomplete=await incomplete(asked, models.SUPPLIERS, organisation),
        csv=True,
        pages=paging(asked, found),
    )


def _row(asked: Asked, found: PaidName) -> list[Cell]:
    one = asked.to.one(found.organisation, "names", found.payee_id)
    paid = asked.to.one(found.organisation, "suppliers", found.supplier_id or found.payee_id)
    return [
        Cell(found.name, one),
        _supplier(asked, found),
        Cell(_why(found)),
        Cell(f"{found.payments:,}", paid),
        pounds_cell(found.net_pence, paid),
    ]


def _supplier(asked: Asked, found: PaidName) -> Cell:
    if found.supplier_id is not None:
        href = asked.to.one(found.organisation, "suppliers", found.supplier_id)
        return Cell(found.registered_name or found.supplier_id, href)
    if found.candidates:
        return Cell(" or ".join(each.name or each.supplier_id for each in found.candidates), note="Proposed")
    return Cell("Nobody certain")


def _why(found: PaidName) -> str:
    if found.supplier_id is None:
        return "; ".join(dict.fromkeys(each.evidence for each in found.candidates)) or "No evidence"
    return found.evidence or BASES.get(found.basis or "", "")


@router.get("/organisations/{organisation}/names/{payee_id}")
async def one(organisation: str, payee_id: str, asked: Ask) -> Response:
    """One name, whom it may be, and its facts."""
    where = NameFilter(organisation=organisation, payee_id=payee_id)
    items = (await reads.names(asked.db, asked.viewer, where, times=asked.times)).items
    if not items:
        raise HTTPException(404, "There is no such name on record.")
    (found,) = items
    return await page(
        asked,
        "record.html",
        found.name,
        organisation=organisation,
        here="names",
        crumbs=_crumbs(asked, organisation),
        kind="A name, as it was paid",
        rows=_stated(asked, found),
        note=None,
        tables=[_candidates(asked, found)] if found.candidates else [],
        is_incomplete=await incomplete(asked, models.SUPPLIERS, organisation),
        behind=await facts_behind(asked, organisation, [("spend", f"payee/{payee_id}")]),
    )


def _stated(asked: Asked, found: PaidName) -> list[tuple[str, Cell]]:
    paid = asked.to.one(found.organisation, "suppliers", found.supplier_id or found.payee_id)
    return [
        ("Known here as", Cell(found.payee_id, mono=True)),
        ("Supplier on the register", _supplier(asked, found)),
        ("Why", Cell(_why(found))),
        ("How alike", Cell("" if found.score is None else f"{found.score:,} of 1,000")),
        ("Decided last by a person", Cell("" if found.decided is None else f"{found.decided}: {found.reason}")),
        ("Paid", pounds_cell(found.net_pence, paid)),
    ]


def _candidates(asked: Asked, found: PaidName) -> Section:
    columns = (Column("Supplier on the register"), Column("Its id"), Column("Why"), Column("How alike", numeric=True))
    table = Table(
        "Who is proposed",
        columns,
        [
            [
                Cell(each.name or "", asked.to.one(found.organisation, "suppliers", each.supplier_id)),
                Cell(each.supplier_id, mono=True),
                Cell(each.evidence),
                Cell(f"{each.score:,} of 1,000"),
            ]
            for each in found.candidates
        ],
    )
    return Section("Who is proposed", table, lead="Nothing rests on a proposal until a person accepts it.")


def _crumbs(asked: Asked, organisation: str) -> list[Crumb]:
    return [
        Crumb("Organisations", asked.to.home()),
        Crumb(name_of(organisation), asked.to.organisation(organisation)),
        Crumb("Names and links", asked.to.under(organisation, "names")),
    ]


async def _sheet(asked: Asked, where: NameFilter) -> AsyncIterator[spreadsheets.Row]:
    found = every(lambda part: reads.names(asked.db, asked.viewer, where, page=part, times=asked.times))
    async for each in found:
        yield (
            each.organisation, each.payee_id, each.name, each.state, each.supplier_id, each.registered_name,
            each.basis, each.evidence, each.score, each.rules_dated.isoformat() if each.rules_dated else None,
            " ".join(one.supplier_id for one in each.candidates), "; ".join(one.evidence for one in each.candidates),
            each.decided, each.reason, each.payments, spreadsheets.Number(money.decimal(each.net_pence)),
        )  # fmt: skip
