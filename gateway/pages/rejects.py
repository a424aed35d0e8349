"""Which rows of source files could not be used, why, and how are they mended?"""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from gateway import money, reads
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.lists import Field, every, incomplete, known_organisation, narrowed, paging
from gateway.pages.rendering import Cell, Column, Crumb, Table, page
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.reads import Page, RejectedRow, RejectFilter, models
from schemas.mending import COLUMNS

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
REASON_CODE = "code"


def rejects_table(asked: Asked, rows: Sequence[RejectedRow]) -> Table:
    """Rows of one file that could not be used."""
    columns = ("Line", "Field", "As published", "Why it was not used", "Remedy", "Since then")
    return Table("Rejected rows", [Column(name) for name in columns], [_row(asked, row) for row in rows])


def _row(asked: Asked, row: RejectedRow) -> list[Cell]:
    return [
        Cell(f"{row.line:,}"),
        Cell(row.field),
        Cell(row.value, mono=True),
        Cell(row.reason),
        Cell(row.remedy),
        _since(asked, row),
    ]


def _since(asked: Asked, row: RejectedRow) -> Cell:
    """What became of the row when it came again."""
    if row.resubmitted_in is None:
        return Cell("–")
    note = f"Line {row.resubmitted_line:,} of the file {row.resubmitted_in[:12]}"
    if row.payment_id is None:
        return Cell("Rejected again", asked.to.one(row.organisation, "files", row.resubmitted_in), note=note)
    return Cell("On record", asked.to.one(row.organisation, "payments", row.payment_id), note=note)


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
    total = await reads.reject_totals(asked.db, asked.viewer, where, times=asked.times)
    found = await reads.rejected_rows(asked.db, asked.viewer, where, page=asked.page(), times=asked.times)
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


@router.get("/organisations/{organisation}/files/{file_id}/mend.csv")
@router.get("/organisations/{organisation}/files/{file_id}/mend.xlsx")
async def to_mend(organisation: str, file_id: str, asked: Ask) -> Response:
    """The rejected rows of one file that are not mended yet, as published, beside what is wrong with each."""
    require_whole(asked.viewer, organisation)
    where = RejectFilter(organisation=organisation, file_id=file_id, mended=False)
    first = await reads.rejected_rows(asked.db, asked.viewer, where, page=Page(first=1), times=asked.times)
    if not first.items or not first.items[0].header:
        raise HTTPException(404, "This file has no rejected rows on record that can be mended one by one.")
    columns = (*COLUMNS, *first.items[0].header)
    return await spreadsheets.answer(
        asked.download or "csv", f"{organisation}-rows-to-mend", columns, _rows_to_mend(asked, where)
    )


async def _rows_to_mend(asked: Asked, where: RejectFilter) -> AsyncIterator[spreadsheets.Row]:
    found = every(lambda part: reads.rejected_rows(asked.db, asked.viewer, where, page=part, times=asked.times))
    async for row in found:
        yield (row.line, row.field, row.value, row.reason, row.remedy, *row.cells)


def _with_files(asked: Asked, rows: Sequence[RejectedRow]) -> Table:
    plain = rejects_table(asked, rows)
    files = [Cell(row.file_id[:12], asked.to.one(row.organisation, "files", row.file_id), mono=True) for row in rows]
    shown = [[file, *cells] for file, cells in zip(files, plain.rows, strict=True)]
    return Table(plain.caption, (Column("File"), *plain.columns), shown)


def _crumbs(asked: Asked, organisation: str) -> list[Crumb]:
    return [
        Crumb("Organisations", asked.to.home()),
        Crumb(name_of(organisation), asked.to.organisation(organisation)),
        Crumb("Source files", asked.to.under(organisation, "files")),
    ]


CSV = (
    "SourceFile", "Line", "Field", "Value", "Code", "Reason", "Remedy", "Amount", "ResubmittedIn", "ResubmittedLine",
    "PaymentId",
)  # fmt: skip


async def _csv_rows(asked: Asked, where: RejectFilter) -> AsyncIterator[spreadsheets.Row]:
    found = every(lambda part: reads.rejected_rows(asked.db, asked.viewer, where, page=part, times=asked.times))
    async for row in found:
        amount = spreadsheets.Number(money.decimal(row.net_pence))
        yield (
            row.file_id, row.line, row.field, row.value, row.code, row.reason, row.remedy, amount, row.resubmitted_in,
            row.resubmitted_line, row.payment_id,
        )  # fmt: skip
