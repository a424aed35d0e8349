"""Which rows of source files could not be used, why, and how are they mended?"""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway import reads
from gateway.pages import money, spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.lists import Field, every, incomplete, known_organisation, narrowed, paging
from gateway.pages.rendering import Cell, Column, Crumb, Table, page
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.reads import RejectedRow, RejectFilter, models

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
REASON_CODE = "code"


def rejects_table(rows: Sequence[RejectedRow]) -> Table:
    """Rows of one file that could not be used."""
    columns = (Column("Line"), Column("Field"), Column("As published"), Column("Why it was not used"), Column("Remedy"))
    return Table("Rejected rows", columns, [_row(row) for row in rows])


def _row(row: RejectedRow) -> list[Cell]:
    return [Cell(f"{row.line:,}"), Cell(row.field), Cell(row.value, mono=True), Cell(row.reason), Cell(row.remedy)]


@router.get("/organisations/{organisation}/rejects")
@router.get("/organisations/{organisation}/rejects.csv")
@router.get("/organisations/{organisation}/rejects.xlsx")
async def listed(organisation: str, asked: Ask) -> Response:
    """The rejected rows of every file."""
    require_whole(asked.viewer, organisation)
    await known_organisation(asked, organisation)
    where = RejectFilter(organisation=organisation, file_id=asked.text("file"), code=asked.text(REASON_CODE))
    if (form := asked.download) is not None:
        return await spreadsheets.answer(form, f"{organisation}-rejected-rows", CSV, _csv_rows(asked, where))
    total = await reads.reject_totals(asked.db, asked.viewer, where, known_at=asked.known_at)
    found = await reads.rejected_rows(asked.db, asked.viewer, where, page=asked.page(), known_at=asked.known_at)
    return await page(
        asked,
        "list.html",
        "Rejected rows",
        organisation=organisation,
        here="files",
        crumbs=_crumbs(asked, organisation),
        total=f"{words.plural(total.count, 'rejected row')}, {money.pounds(total.net_pence)} where it could be read",
        narrowed=narrowed(
            asked, {"file": ("source file", (where.file_id or "")[:12]), REASON_CODE: ("reason", where.code or "")}
        ),
        fields=[Field(REASON_CODE, "Reason’s code", where.code or "")],
        kept=[("file", where.file_id)] if where.file_id else [],
        shown=_with_files(asked, found.items),
        is_incomplete=await incomplete(asked, models.FILES, organisation),
        csv=True,
        pages=paging(asked, found),
    )


@router.get("/organisations/{organisation}/files/{file_id}.csv")
@router.get("/organisations/{organisation}/files/{file_id}.xlsx")
async def of_file(organisation: str, file_id: str, asked: Ask) -> Response:
    """The rejected rows of one file, to be mended."""
    where = RejectFilter(organisation=organisation, file_id=file_id)
    require_whole(asked.viewer, organisation)
    form = asked.download or "csv"
    return await spreadsheets.answer(form, f"{organisation}-rejected-rows", CSV, _csv_rows(asked, where))


def _with_files(asked: Asked, rows: Sequence[RejectedRow]) -> Table:
    plain = rejects_table(rows)
    files = [Cell(row.file_id[:12], asked.to.one(row.organisation, "files", row.file_id), mono=True) for row in rows]
    shown = [[file, *cells] for file, cells in zip(files, plain.rows, strict=True)]
    return Table(plain.caption, (Column("File"), *plain.columns), shown)


def _crumbs(asked: Asked, organisation: str) -> list[Crumb]:
    return [
        Crumb("Organisations", asked.to.home()),
        Crumb(name_of(organisation), asked.to.organisation(organisation)),
        Crumb("Source files", asked.to.under(organisation, "files")),
    ]


CSV = ("SourceFile", "Line", "Field", "Value", "Code", "Reason", "Remedy", "Amount")


async def _csv_rows(asked: Asked, where: RejectFilter) -> AsyncIterator[spreadsheets.Row]:
    found = every(lambda part: reads.rejected_rows(asked.db, asked.viewer, where, page=part, known_at=asked.known_at))
    async for row in found:
        amount = spreadsheets.Number(money.decimal(row.net_pence))
        yield (row.file_id, row.line, row.field, row.value, row.code, row.reason, row.remedy, amount)
