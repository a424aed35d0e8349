"""What good was promised on contracts, what is claimed of it, and what was found true?"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from gateway import money, reads
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.facts import facts_behind
from gateway.pages.lists import Field, every, incomplete, known_organisation, narrowed, paging
from gateway.pages.rendering import Cell, Column, Crumb, Table, page
from gateway.pages.sections import Section
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.reads import BadInput, Claim, Commitment, Contract, OutcomeFilter, OutcomeOrder, Page, models

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
SHOWN = 10
ORDERS = {"": "Due first", OutcomeOrder.DUE_ON_DESC.value: "Due last"}
CLAIMS = "claims"
"""Where a commitment's page lists what is claimed of it."""


def _filter(asked: Asked, organisation: str) -> OutcomeFilter:
    return OutcomeFilter(organisation=organisation, contract_id=asked.text("contract"), measure=asked.text("measure"))


def _order(asked: Asked) -> OutcomeOrder:
    text = asked.text("order")
    if text is not None and text not in ORDERS:
        raise BadInput("order", f"Use one of: {', '.join(order for order in ORDERS if order)}.")
    return OutcomeOrder.DUE_ON_ASC if text is None else OutcomeOrder(text)


@router.get("/organisations/{organisation}/outcomes")
@router.get("/organisations/{organisation}/outcomes.csv")
@router.get("/organisations/{organisation}/outcomes.xlsx")
async def listed(organisation: str, asked: Ask) -> Response:
    """Commitments, and what has come of each."""
    require_whole(asked.viewer, organisation)
    await known_organisation(asked, organisation)
    where, order = _filter(asked, organisation), _order(asked)
    if (form := asked.download) is not None:
        return await spreadsheets.answer(form, f"{organisation}-outcomes", CSV, _csv_rows(asked, where, order))
    total = await reads.outcome_totals(asked.db, asked.viewer, where, times=asked.times)
    found = await reads.outcomes(asked.db, asked.viewer, where, order=order, page=asked.page(), times=asked.times)
    given = asked.request.query_params
    return await page(
        asked,
        "list.html",
        "Social value",
        organisation=organisation,
        here="outcomes",
        crumbs=_crumbs(asked, organisation)[:2],
        total=f"{words.plural(total.count, 'commitment')}; their units differ, so that nothing is added up",
        narrowed=await _narrowed(asked, organisation),
        fields=[_order_field(given.get("order", ""))],
        kept=[(n, v) for n, v in given.items() if n in {"contract", "measure"}],
        shown=await _table(asked, found.items),
        is_incomplete=await incomplete(asked, models.OUTCOMES, organisation),
        csv=True,
        pages=paging(asked, found),
    )


def _order_field(value: str) -> Field:
    return Field("order", "Order", value, [{"value": order, "text": text} for order, text in ORDERS.items()])


async def _narrowed(asked: Asked, organisation: str) -> list[tuple[str, str, str]]:
    given = asked.request.query_params
    contract = given.get("contract", "")
    if contract:
        known = await reads.contract(asked.db, asked.viewer, organisation, contract, times=asked.times)
        contract = contract if known is None else known.title
    return narrowed(asked, {"contract": ("contract", contract), "measure": ("measure", given.get("measure", ""))})


_COLUMNS = (
    Column("What was promised"),
    Column("Contract"),
    Column("Due", classes="lp-nowrap"),
    Column("Promised", numeric=True),
    Column("Claimed", numeric=True),
    Column("Found true", numeric=True),
)


async def _table(asked: Asked, commitments: Sequence[Commitment]) -> Table:
    keys = sorted({(each.organisation, each.contract_id) for each in commitments})
    known = await reads.contracts_by_id(asked.db, asked.viewer, keys, times=asked.times)
    return Table("Social value", _COLUMNS, [_row(asked, each, known) for each in commitments])


def _row(asked: Asked, commitment: Commitment, known: Mapping[tuple[str, str], Contract]) -> list[Cell]:
    one = asked.to.one(commitment.organisation, "outcomes", commitment.commitment_id)
    contract = known.get((commitment.organisation, commitment.contract_id))
    return [
        Cell(commitment.measure, one),
        _contract_cell(asked, commitment, contract),
        Cell(words.day(commitment.due_on)),
        Cell(words.quantity(commitment.quantity, commitment.unit), one),
        Cell(words.quantity(commitment.claimed_quantity, commitment.unit), f"{one}#{CLAIMS}"),
        Cell(words.quantity(commitment.verified_quantity, commitment.unit), f"{one}#{CLAIMS}"),
    ]


def _contract_cell(asked: Asked, commitment: Commitment, contract: Contract | None) -> Cell:
    """The contract, linked where a register here lists it."""
    if contract is None:
        return Cell(commitment.contract_id, note="Not on a register here", mono=True)
    return Cell(
        contract.title or "No title given", asked.to.one(contract.organisation, "contracts", contract.contract_id)
    )


async def promised_on(asked: Asked, contract: Contract) -> list[Section]:
    """The part of a contract's page about social value; none for who may not see it."""
    if not asked.sees_whole(contract.organisation):
        return []
    where = OutcomeFilter(organisation=contract.organisation, contract_id=contract.contract_id)
    total = await reads.outcome_totals(asked.db, asked.viewer, where, times=asked.times)
    found = await reads.outcomes(asked.db, asked.viewer, where, page=Page(first=SHOWN), times=asked.times)
    more = asked.to.under(contract.organisation, "outcomes", contract=contract.contract_id)
    return [
        Section(
            "Social value promised on it",
            await _table(asked, found.items),
            lead=f"{words.plural(total.count, 'commitment')} on record." if total.count else None,
            more=more if total.count else None,
            more_text="All commitments on it, and as CSV",
        )
    ]


@router.get("/organisations/{organisation}/outcomes/{commitment_id}")
async def one(organisation: str, commitment_id: str, asked: Ask) -> Response:
    """One commitment, the claims on it, and its facts."""
    require_whole(asked.viewer, organisation)
    found = await reads.outcome(asked.db, asked.viewer, organisation, commitment_id, times=asked.times)
    if found is None:
        raise HTTPException(404, "There is no such commitment on record.")
    claims = await reads.claims(asked.db, asked.viewer, organisation, [commitment_id], times=asked.times)
    streams = reads.evidence_of_outcome(found, [claim.claim_id for claim in claims])
    return await page(
        asked,
        "record.html",
        found.measure,
        organisation=organisation,
        here="outcomes",
        crumbs=_crumbs(asked, organisation),
        kind="Social value, as it was promised",
        rows=await _stated(asked, found),
        note=None,
        tables=[_claims(found, claims)],
        is_incomplete=await incomplete(asked, models.OUTCOMES, organisation),
        behind=await facts_behind(asked, organisation, streams),
    )


async def _stated(asked: Asked, commitment: Commitment) -> list[tuple[str, Cell]]:
    organisation, unit = commitment.organisation, commitment.unit
    contract = await reads.contract(asked.db, asked.viewer, organisation, commitment.contract_id, times=asked.times)
    same = asked.to.under(organisation, "outcomes", measure=commitment.measure)
    return [
        ("Measure", Cell(commitment.measure, same)),
        ("Contract", _contract_cell(asked, commitment, contract)),
        ("Due", Cell(words.day(commitment.due_on))),
        ("Promised", Cell(words.quantity(commitment.quantity, unit))),
        ("Claimed so far", Cell(words.quantity(commitment.claimed_quantity, unit), f"#{CLAIMS}")),
        ("Found true so far", Cell(words.quantity(commitment.verified_quantity, unit), f"#{CLAIMS}")),
        ("Commitment", Cell(commitment.commitment_id, mono=True)),
    ]


VERDICTS = {"full": "In full", "partial": "In part", None: "Not looked at yet"}


def _claims(commitment: Commitment, claims: Sequence[Claim]) -> Section:
    columns = (
        Column("Delivered", classes="lp-nowrap"),
        Column("Claimed by"),
        Column("Claimed", numeric=True),
        Column("Found true", numeric=True),
        Column("Verdict"),
        Column("SHA-256 of the evidence"),
    )
    rows = [_claim(commitment.unit, claim) for claim in claims]
    if claims:
        rows.append(
            [
                Cell("Together"),
                Cell(words.plural(len(claims), "claim")),
                Cell(words.quantity(commitment.claimed_quantity, commitment.unit)),
                Cell(words.quantity(commitment.verified_quantity, commitment.unit)),
                Cell(""),
                Cell(""),
            ]
        )
    return Section("What is claimed of it", Table("What is claimed of it", columns, rows), anchor=CLAIMS)


def _claim(unit: str, claim: Claim) -> list[Cell]:
    found = claim.verified_quantity
    by = None if claim.verified_by is None else f"By {name_of(claim.verified_by)}"
    return [
        Cell(words.day(claim.delivered_on)),
        Cell(name_of(claim.claimed_by)),
        Cell(words.quantity(claim.quantity, unit)),
        Cell("–" if found is None else words.quantity(found, unit)),
        Cell(VERDICTS.get(claim.verdict, claim.verdict or ""), note=by),
        Cell(f"{claim.evidence_digest[:12]}…", title=claim.evidence_digest, mono=True),
    ]


def _crumbs(asked: Asked, organisation: str) -> list[Crumb]:
    return [
        Crumb("Organisations", asked.to.home()),
        Crumb(name_of(organisation), asked.to.organisation(organisation)),
        Crumb("Social value", asked.to.under(organisation, "outcomes")),
    ]


CSV = (
    "OrganisationLabel",
    "OrganisationURI",
    "Measure",
    "Unit",
    "Promised",
    "Claimed",
    "FoundTrue",
    "DueOn",
    "ContractId",
    "CommitmentId",
)


async def _csv_rows(asked: Asked, where: OutcomeFilter, order: OutcomeOrder) -> AsyncIterator[spreadsheets.Row]:
    found = every(lambda part: reads.outcomes(asked.db, asked.viewer, where, order=order, page=part, times=asked.times))
    async for each in found:
        yield (
            name_of(each.organisation),
            each.organisation,
            each.measure,
            each.unit,
            spreadsheets.Number(money.decimal(each.quantity)),
            spreadsheets.Number(money.decimal(each.claimed_quantity)),
            spreadsheets.Number(money.decimal(each.verified_quantity)),
            each.due_on.isoformat(),
            each.contract_id,
            each.commitment_id,
        )
