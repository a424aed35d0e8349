"""Which files were read, and what became of each of their rows?"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from gateway import money, reads
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.facts import facts_behind
from gateway.pages.lists import Field, every, incomplete, known_organisation, narrowed, options, paging
from gateway.pages.rejects import rejects_table
from gateway.pages.rendering import Cell, Column, Crumb, Table, count_cell, page, pounds_cell
from gateway.pages.sections import Section
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.reads import BadInput, FileFilter, Page, RejectFilter, SourceFile, Totals, models

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
REJECTS = 100
KINDS = {"register": "Contract register", "spend": "Spending"}

_COLUMNS = (
    Column("File"),
    Column("Published for"),
    Column("Read", numeric=True),
    Column("New", numeric=True),
    Column("Known", numeric=True),
    Column("Corrected", numeric=True),
    Column("Rejected", numeric=True),
    Column("Pounds read", numeric=True, classes="lp-nowrap"),
)


async def totals_table(asked: Asked, organisation: str) -> Table:
    """Every file's counts, and their sums."""
    found = [file async for file in _every_file(asked, organisation)]
    rows = [_row(asked, file) for file in found]
    spending = [file for file in found if file.kind == "spend"]
    if spending:
        rows.append(_sums(asked, organisation, spending))
    return Table("Source files", _COLUMNS, rows)


def _every_file(asked: Asked, organisation: str) -> AsyncIterator[SourceFile]:
    where = FileFilter(organisation=organisation, kind=_kind(asked))
    return every(lambda part: reads.source_files(asked.db, asked.viewer, where, page=part, times=asked.times))


def _row(asked: Asked, file: SourceFile) -> list[Cell]:
    one = asked.to.one(file.organisation, "files", file.file_id)
    rejects = f"{one}#rejected" if file.rejected_rows else None
    return [
        Cell(file.file_name, one, note=KINDS[file.kind]),
        Cell(words.period(file.period) if file.period else words.day(file.stated_on)),
        count_cell(file.read_rows, one),
        count_cell(file.new_rows, one),
        count_cell(file.known_rows, one),
        count_cell(file.corrected_rows, one),
        count_cell(file.rejected_rows, rejects),
        pounds_cell(file.read_pence, one),
    ]


def _sums(asked: Asked, organisation: str, found: Sequence[SourceFile]) -> list[Cell]:
    return [
        Cell("All spending files", asked.to.under(organisation, "files", kind="spend")),
        Cell(words.plural(len(found), "file")),
        count_cell(sum(file.read_rows for file in found)),
        count_cell(sum(file.new_rows for file in found)),
        count_cell(sum(file.known_rows for file in found)),
        count_cell(sum(file.corrected_rows for file in found)),
        count_cell(sum(file.rejected_rows for file in found), asked.to.under(organisation, "rejects")),
        pounds_cell(sum(file.read_pence for file in found)),
    ]


@router.get("/organisations/{organisation}/files")
@router.get("/organisations/{organisation}/files.csv")
@router.get("/organisations/{organisation}/files.xlsx")
async def listed(organisation: str, asked: Ask) -> Response:
    """The files that were read."""
    require_whole(asked.viewer, organisation)
    await known_organisation(asked, organisation)
    if (form := asked.download) is not None:
        return await spreadsheets.answer(form, f"{organisation}-files", CSV, _csv_rows(asked, organisation))
    where = FileFilter(organisation=organisation, kind=_kind(asked))
    total = await reads.file_totals(asked.db, asked.viewer, where, times=asked.times)
    found = await reads.source_files(asked.db, asked.viewer, where, page=asked.page(), times=asked.times)
    return await page(
        asked,
        "list.html",
        "Source files",
        organisation=organisation,
        here="files",
        crumbs=_crumbs(asked, organisation)[:2],
        total=f"{words.plural(total.count, 'file')}{_pounds(where, total)}",
        narrowed=narrowed(asked, {"kind": ("kind", KINDS.get(where.kind or "", "All"))}),
        fields=[Field("kind", "Kind", where.kind or "", options(KINDS, "All kinds"))],
        kept=[],
        shown=Table("Source files", _COLUMNS, [_row(asked, file) for file in found.items]),
        is_incomplete=await incomplete(asked, models.FILES, organisation),
        csv=True,
        pages=paging(asked, found),
    )


def _kind(asked: Asked) -> str | None:
    kind = asked.text("kind")
    if kind is not None and kind not in KINDS:
        raise BadInput("kind", "Use register or spend.")
    return kind


def _pounds(where: FileFilter, total: Totals) -> str:
    """Payments and contracts' values are not to be added to each other."""
    match where.kind:
        case "spend":
            return f", {money.pounds(total.net_pence)} read in all"
        case "register":
            return f", contracts of {money.pounds(total.net_pence)} read in all"
        case _:
            return ""


@router.get("/organisations/{organisation}/files/{file_id}")
async def one(organisation: str, file_id: str, asked: Ask) -> Response:
    """One file: what became of its rows, and which are to be mended."""
    require_whole(asked.viewer, organisation)
    found = await reads.source_file(asked.db, asked.viewer, organisation, file_id, times=asked.times)
    if found is None:
        raise HTTPException(404, "There is no such file on record that you may see.")
    return await page(
        asked,
        "record.html",
        found.file_name,
        organisation=organisation,
        here="files",
        crumbs=_crumbs(asked, organisation),
        kind="Source file",
        rows=_stated(found),
        note=None,
        tables=[_balance(asked, found), await _rejected(asked, found)],
        is_incomplete=await incomplete(asked, models.FILES, organisation),
        csv=True,
        csv_text="Download its rejected rows",
        behind=await facts_behind(asked, organisation, reads.evidence_of_source_file(found)),
    )


def _stated(file: SourceFile) -> list[tuple[str, Cell]]:
    return [
        ("Kind", Cell(KINDS[file.kind])),
        ("Published for", Cell(words.period(file.period) if file.period else words.day(file.stated_on))),
        ("Read", Cell(words.moment(file.received_at))),
        ("Size", Cell(f"{file.byte_count:,} bytes, {file.encoding}")),
        ("SHA-256 of its bytes", Cell(file.file_id, mono=True)),
    ]


def _balance(asked: Asked, file: SourceFile) -> Section:
    part = "payments" if file.kind == "spend" else "contracts"
    held = asked.to.under(file.organisation, part, file=file.file_id)
    unreadable = f"Amount unreadable in {words.plural(file.unreadable_rows, 'row')}" if file.unreadable_rows else None
    rows = [
        [Cell("Read"), count_cell(file.read_rows), pounds_cell(file.read_pence)],
        [Cell("New"), count_cell(file.new_rows), pounds_cell(file.new_pence)],
        [Cell("Already known"), count_cell(file.known_rows), pounds_cell(file.known_pence)],
        [Cell("Corrected"), count_cell(file.corrected_rows), pounds_cell(file.corrected_pence)],
        [
            Cell("Rejected", note=unreadable),
            count_cell(file.rejected_rows, "#rejected" if file.rejected_rows else None),
            pounds_cell(file.rejected_pence),
        ],
        [Cell("Held from it now"), count_cell(file.held_rows, held), pounds_cell(file.held_pence, held)],
    ]
    columns = (Column("Rows"), Column("Count", numeric=True), Column("Pounds", numeric=True, classes="lp-nowrap"))
    return Section(
        "What became of its rows",
        Table("What became of its rows", columns, rows),
        lead="Read = new + already known + corrected + rejected. New + corrected = held.",
    )


async def _rejected(asked: Asked, file: SourceFile) -> Section:
    where = RejectFilter(organisation=file.organisation, file_id=file.file_id)
    found = await reads.rejected_rows(asked.db, asked.viewer, where, page=Page(first=REJECTS), times=asked.times)
    again = replace(where, mended=True)
    mended = await reads.reject_totals(asked.db, asked.viewer, again, times=asked.times)
    more = f" The first {REJECTS} are shown; the spreadsheets have all." if found.has_next else ""
    to_mend = file.rejected_rows > mended.count and any(row.header for row in found.items)
    return Section(
        "Rejected rows",
        rejects_table(asked, found.items),
        lead=f"{words.plural(mended.count, 'row')} of {file.rejected_rows:,} came again and are on record.{more}",
        anchor="rejected",
        more=asked.to.under(file.organisation, f"files/{file.file_id}/mend.csv") if to_mend else None,
        more_text="Download the rows that are to be mended, with what is wrong with each",
    )


def _crumbs(asked: Asked, organisation: str) -> list[Crumb]:
    return [
        Crumb("Organisations", asked.to.home()),
        Crumb(name_of(organisation), asked.to.organisation(organisation)),
        Crumb("Source files", asked.to.under(organisation, "files")),
    ]


CSV = (
    "FileName",
    "Kind",
    "Period",
    "StatedOn",
    "ReceivedAt",
    "ReadRows",
    "NewRows",
    "KnownRows",
    "CorrectedRows",
    "RejectedRows",
    "UnreadableRows",
    "ReadPounds",
    "NewPounds",
    "KnownPounds",
    "CorrectedPounds",
    "RejectedPounds",
    "HeldRows",
    "HeldPounds",
    "SourceFile",
)


async def _csv_rows(asked: Asked, organisation: str) -> AsyncIterator[spreadsheets.Row]:
    async for file in _every_file(asked, organisation):
        pence = (file.read_pence, file.new_pence, file.known_pence, file.corrected_pence, file.rejected_pence)
        yield (
            file.file_name,
            file.kind,
            file.period,
            file.stated_on.isoformat() if file.stated_on else None,
            file.received_at.isoformat(),
            file.read_rows,
            file.new_rows,
            file.known_rows,
            file.corrected_rows,
            file.rejected_rows,
            file.unreadable_rows,
            *(spreadsheets.Number(money.decimal(each)) for each in pence),
            file.held_rows,
            spreadsheets.Number(money.decimal(file.held_pence)),
            file.file_id,
        )
