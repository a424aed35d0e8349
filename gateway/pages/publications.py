"""What was published of each quarter: its files as they were approved, their history; and the draft of the next."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Response
from fastapi.responses import JSONResponse

from eventlog.clock import now
from eventlog.envelope import instant
from gateway.duties import PAYABLE_WITHIN, HalfYear, PromptPayment, prompt_payment
from gateway.pages import words
from gateway.pages.asked import Asked, asked
from gateway.pages.duties import quarters_of
from gateway.pages.lists import incomplete, known_organisation
from gateway.pages.rendering import Cell, Column, Crumb, Table, count_cell, page, pounds_cell
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.publishing import CARD, CORRECTIONS, OF_PAYMENTS, OVER_500, PROMPT, REDACTIONS, RULES_DATED, draft
from gateway.reads import BadInput, models
from gateway.reads.duties import paid_between, paid_for
from gateway.reads.publications import Edition, content, corrected, editions, paid_in
from gateway.reads.times import Times
from schemas.cells import restored
from schemas.legal_days import Quarter

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
NAMES = {
    OVER_500: "Payments over £500",
    CARD: "Procurement card transactions",
    CORRECTIONS: "Corrections to quarters published earlier",
    REDACTIONS: "Names withheld, and why",
    PROMPT: "How promptly invoices were paid in the half-year",
}
_FILES = (
    Column("File"),
    Column("Rows", numeric=True),
    Column("Pounds", numeric=True, classes="lp-nowrap"),
    Column("SHA-256 of its bytes"),
)
_EDITIONS = (
    Column("Quarter"),
    Column("Approved on"),
    Column("Why again"),
    Column("Payments", numeric=True),
    Column("Pounds", numeric=True, classes="lp-nowrap"),
)
_LEFT_OUT = (
    Column("Published, or why not"),
    Column("Payments", numeric=True),
    Column("Pounds", numeric=True, classes="lp-nowrap"),
)


@router.get("/organisations/{organisation}/publications")
async def shown(organisation: str, asked: Ask) -> Response:
    """Every edition of every quarter."""
    await known_organisation(asked, organisation)
    found = await editions(asked.db, organisation, times=asked.times)
    return await page(
        asked, "publications.html", "Published", organisation=organisation, here="publications",
        crumbs=_crumbs(asked, organisation), editions=_editions(asked, organisation, found),
        unpublished=await _unpublished(asked, organisation, {each.quarter for each in found}),
    )  # fmt: skip


@router.get("/organisations/{organisation}/publications/{quarter}")
async def one(organisation: str, quarter: str, asked: Ask) -> Response:
    """A quarter: the files of an edition, what is in none of them, and the editions before."""
    await known_organisation(asked, organisation)
    found = await editions(asked.db, organisation, str(_quarter(quarter)), times=asked.times)
    edition = _edition(asked, quarter, found)
    return await page(
        asked, "publication.html", f"{quarter}: payments as published", organisation=organisation, here="publications",
        crumbs=[*_crumbs(asked, organisation), Crumb("Published", asked.to.under(organisation, "publications"))],
        edition=edition, files=_files(asked, organisation, edition), control=_control(edition),
        editions=_editions(asked, organisation, found), due_on=Quarter.read(quarter).due_on, json_of=_json_links(
            asked, organisation, edition),
    )  # fmt: skip


@router.get("/organisations/{organisation}/publications/{quarter}/draft")
async def drawn_up(organisation: str, quarter: str, asked: Ask) -> Response:
    """What would be published of a quarter, for the organisation's own people to approve."""
    require_whole(asked.viewer, organisation)
    wanted, known_at = _quarter(quarter), asked.times.known_at or now()
    made = draft(
        wanted, organisation, name_of(organisation),
        await paid_in(asked.db, asked.viewer, organisation, wanted, known_at),
        await corrected(asked.db, asked.viewer, organisation, wanted, known_at),
        await _prompt(asked, organisation, wanted, known_at),
    )  # fmt: skip
    return JSONResponse(
        {
            "organisation": organisation,
            "quarter": quarter,
            "known_at": instant(known_at),
            "rules_dated": RULES_DATED.isoformat(),
            "due_on": wanted.due_on.isoformat(),
            "files": [
                {"name": file.name, "title": NAMES[file.name], "payments": file.name in OF_PAYMENTS, "rows": file.rows,
                 "net_pence": file.net_pence, "sha256": file.digest, "content": file.content}
                for file in made.files
            ],
            "left_out": [{"reason": reason, **asdict(part)} for reason, part in sorted(made.left_out.items())],
            "control": asdict(made.control),
            "notes": [{"note": note, "rows": rows} for note, rows in made.notes.items()],
            "incomplete": await incomplete(asked, models.PAYMENTS, organisation),
        }
    )  # fmt: skip


async def _prompt(asked: Asked, organisation: str, quarter: Quarter, known_at: datetime) -> PromptPayment | None:
    """The figures of regulation 38, with the quarter that ends a half-year."""
    half = HalfYear.of(quarter)
    if half.last != quarter.last:
        return None
    return prompt_payment(
        half, await paid_for(asked.db, asked.viewer, organisation, half.first - PAYABLE_WITHIN, half.last, times=Times(known_at))
    )  # fmt: skip


@router.get("/organisations/{organisation}/publications/{quarter}/{file}")
async def downloaded(organisation: str, quarter: str, file: str, asked: Ask) -> Response:
    """A published file: CSV in the very bytes that were approved, or the same rows as JSON."""
    stem, _, form = file.rpartition(".")
    found = await editions(asked.db, organisation, str(_quarter(quarter)), times=asked.times)
    edition = _edition(asked, quarter, found)
    name = f"{stem}.csv"
    if form not in {"csv", "json"} or name not in {each.name for each in edition.files}:
        raise HTTPException(404, f"Nothing called {file} was published of {quarter}.")
    whole = await content(asked.db, asked.viewer, organisation, edition, name)
    digest = {each.name: each.digest for each in edition.files}[name]
    headers = {
        "Content-Disposition": f'attachment; filename="{organisation}-{quarter}-{stem}.{form}"', "ETag": f'"{digest}"',
    }  # fmt: skip
    if form == "csv":
        return Response(whole, media_type="text/csv; charset=utf-8", headers=headers)
    return JSONResponse(_as_json(organisation, edition, name, digest, whole), headers=headers)


async def _unpublished(asked: Asked, organisation: str, published: Collection[str]) -> Table | None:
    """Quarters that are over and have payments, for the organisation's own people."""
    if not asked.sees_whole(organisation):
        return None
    between = await paid_between(asked.db, asked.viewer, organisation, times=asked.times)
    today = asked.times.today
    rows = [
        [Cell(str(each), asked.to.under(organisation, f"publications/{each}/draft")), Cell(words.day(each.due_on))]
        for each in quarters_of(between)
        if each.last < today and str(each) not in published
    ]
    return Table("Not published yet", (Column("Quarter, as it would be"), Column("Due by")), rows) if rows else None


def _as_json(organisation: str, edition: Edition, name: str, digest: str, whole: bytes) -> dict[str, Any]:
    rows = csv.DictReader(io.StringIO(whole.decode(), newline=""))
    return {
        "organisation": organisation,
        "quarter": edition.quarter,
        "edition": edition.edition,
        "approvedOn": edition.approved_on.isoformat(),
        "rulesDated": edition.rules_dated.isoformat(),
        "file": name,
        "sha256": digest,
        "rows": [{column: restored(cell) or None for column, cell in row.items()} for row in rows],
    }


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.read(text)
    except ValueError as error:
        raise BadInput("quarter", f"{error}.") from None


def _edition(asked: Asked, quarter: str, found: Sequence[Edition]) -> Edition:
    """The edition that is asked for, else the newest. Raises HTTPException (404)."""
    number = asked.text("edition")
    for each in found:
        if number is None or number == str(each.edition):
            return each
    raise HTTPException(404, f"{quarter} is not published{f' in an edition {number}' if number and found else ''}.")


def _crumbs(asked: Asked, organisation: str) -> list[Crumb]:
    return [Crumb("Organisations", asked.to.home()), Crumb(name_of(organisation), asked.to.organisation(organisation))]


def _editions(asked: Asked, organisation: str, found: Sequence[Edition]) -> Table:
    rows = [
        [
            Cell(f"{each.quarter}, edition {each.edition}",
                 asked.to.under(organisation, f"publications/{each.quarter}", edition=each.edition)),
            Cell(words.day(each.approved_on)),
            Cell(each.reason or "–"),
            count_cell(sum(file.rows for file in each.files if file.name in OF_PAYMENTS)),
            pounds_cell(sum(file.net_pence for file in each.files)),
        ]
        for each in found
    ]  # fmt: skip
    return Table("Editions, the newest first", _EDITIONS, rows)


def _files(asked: Asked, organisation: str, edition: Edition) -> Table:
    rows = [
        [
            Cell(NAMES.get(file.name, file.name), _file(asked, organisation, edition, file.name), note=file.name),
            count_cell(file.rows),
            pounds_cell(file.net_pence if file.name in OF_PAYMENTS else None),
            Cell(file.digest, mono=True),
        ]
        for file in edition.files
    ]
    return Table("Files", _FILES, rows)


def _json_links(asked: Asked, organisation: str, edition: Edition) -> list[tuple[str, str]]:
    return [
        (NAMES.get(file.name, file.name),
         _file(asked, organisation, edition, file.name.removesuffix(".csv") + ".json"))
        for file in edition.files
    ]  # fmt: skip


def _file(asked: Asked, organisation: str, edition: Edition, name: str) -> str:
    return asked.to.under(organisation, f"publications/{edition.quarter}/{name}", edition=edition.edition)


def _control(edition: Edition) -> Table:
    published = [file for file in edition.files if file.name in OF_PAYMENTS]
    rows = [[Cell(NAMES[f.name]), count_cell(f.rows), pounds_cell(f.net_pence)] for f in published]
    rows += [
        [Cell(f"Not published: {each.reason}"), count_cell(each.payments), pounds_cell(each.net_pence)]
        for each in edition.left_out
    ]
    control = [Cell("Together, as on record"), count_cell(edition.control_payments), pounds_cell(edition.control_pence)]
    return Table("Everything that was paid in the quarter", _LEFT_OUT, [*rows, control])
