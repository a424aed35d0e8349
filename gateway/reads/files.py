"""Which files were read, what became of their rows, and which rows are to be mended?"""

from collections.abc import Sequence
from typing import Any

from gateway.policy import Viewer, require_whole
from gateway.reads.filters import FIRST_PAGE, FileFilter, Page, RejectFilter
from gateway.reads.shapes import PageOf, RejectedRow, SourceFile, Totals
from gateway.reads.sql import (
    Database,
    Keyed,
    Question,
    check_filter,
    check_page,
    page_of,
    totals_of,
    touched,
)
from gateway.reads.times import NOW, Times
from gateway.reads.visible import whole

_FILES = Keyed("f.organisation", "f.file_id").by(
    "newest", "coalesce(f.period, f.stated_on::text)", "text", descending=True
)
_ROWS = Keyed("r.organisation", "r.row_id").by("by_line", "r.file_id || ':' || lpad(r.line::text, 9, '0')", "text")

_STATED = """f.organisation, f.file_id, f.kind, f.file_name, f.byte_count, f.period, f.stated_on,
    f.encoding, f.read_rows, f.new_rows, f.known_rows, f.corrected_rows, f.rejected_rows,
    f.read_pence, f.new_pence, f.known_pence, f.corrected_pence, f.rejected_pence,
    f.unreadable_rows, f.known_from AS received_at"""


def _held(question: Question) -> str:
    """What the read models hold of file `f`: its payments, or its contracts as it stated them."""
    then = "" if question.times.known_at is None else f"AND c.known_from <= {question.value(question.times.known_at)}"
    return f"""LEFT JOIN LATERAL (
        SELECT count(*) AS held_rows, coalesce(sum(p.net_pence), 0)::bigint AS held_pence
        FROM live.payment p
        WHERE f.kind = 'spend' AND p.organisation = f.organisation AND p.file_id = f.file_id
          AND p.withdrawn IS NULL AND {question.known("p")}
        HAVING f.kind = 'spend'
        UNION ALL
        SELECT count(*), coalesce(sum(said.value_pence), 0)::bigint
        FROM (SELECT DISTINCT ON (c.contract_id) c.value_pence FROM live.contract c
              WHERE f.kind = 'register' AND c.organisation = f.organisation
                AND c.file_id = f.file_id {then}
              ORDER BY c.contract_id, c.known_from DESC) said
        HAVING f.kind = 'register') held ON true"""


async def source_files(
    db: Database,
    viewer: Viewer,
    where: FileFilter,
    *,
    page: Page = FIRST_PAGE,
    times: Times = NOW,
) -> PageOf[SourceFile]:
    """One page of files, the newest period first. Raises KeyNeeded or NotSeen."""
    check_page(page)
    question = Question(times)
    _narrow_files(question, viewer, where)
    _FILES.after(question, page.after)
    rows = await db.fetch(
        f"SELECT {_STATED}, held.held_rows, held.held_pence,"
        f" {touched('f', 'source_files')} AS incomplete, {_FILES.by} AS by_, f.file_id AS key_"
        f" FROM live.source_file f {_held(question)}"
        f" WHERE {question.filter} ORDER BY {_FILES.clause} LIMIT {page.first + 1}",
        *question.values,
    )
    return page_of(rows, page, _FILES.name, lambda row: SourceFile(**row))


def _narrow_files(question: Question, viewer: Viewer, where: FileFilter) -> None:
    require_whole(viewer, where.organisation)
    check_filter(where)
    question.where(question.known("f"))
    question.where(whole(question, viewer, "f"))
    question.equal(f__organisation=where.organisation, f__kind=where.kind)


async def file_totals(db: Database, viewer: Viewer, where: FileFilter, *, times: Times = NOW) -> Totals:
    """How many files, and the net pence that their readers read. Raises KeyNeeded or NotSeen."""
    question = Question(times)
    _narrow_files(question, viewer, where)
    return await totals_of(
        db,
        "SELECT count(*) AS count, coalesce(sum(f.read_pence), 0)::bigint AS net_pence"
        f" FROM live.source_file f WHERE {question.filter}",
        question.values,
    )


async def source_files_by_id(
    db: Database,
    viewer: Viewer,
    keys: Sequence[tuple[str, str]],
    *,
    times: Times = NOW,
) -> dict[tuple[str, str], SourceFile]:
    """The files of these organisations and ids, as far as the viewer may see them."""
    question = Question(times)
    question.where(question.known("f"))
    question.where(whole(question, viewer, "f"))
    question.where(f"f.file_id = ANY({question.value([file_id for _, file_id in keys])})")
    rows = await db.fetch(
        f"SELECT {_STATED}, held.held_rows, held.held_pence,"
        f" {touched('f', 'source_files')} AS incomplete"
        f" FROM live.source_file f {_held(question)} WHERE {question.filter}",
        *question.values,
    )
    found = {(row["organisation"], row["file_id"]): SourceFile(**row) for row in rows}
    return {key: found[key] for key in keys if key in found}


async def source_file(
    db: Database,
    viewer: Viewer,
    organisation: str,
    file_id: str,
    *,
    times: Times = NOW,
) -> SourceFile | None:
    """One file, if the viewer may see it."""
    key = (organisation, file_id)
    return (await source_files_by_id(db, viewer, [key], times=times)).get(key)


def _narrow_rows(question: Question, viewer: Viewer, where: RejectFilter) -> None:
    require_whole(viewer, where.organisation)
    check_filter(where)
    question.where(question.known("r"))
    question.where(whole(question, viewer, "r"))
    question.equal(r__organisation=where.organisation, r__file_id=where.file_id, r__code=where.code)
    if where.mended is not None:
        question.where(f"r.payment_id IS {'NOT ' if where.mended else ''}NULL")


async def rejected_rows(
    db: Database,
    viewer: Viewer,
    where: RejectFilter,
    *,
    page: Page = FIRST_PAGE,
    times: Times = NOW,
) -> PageOf[RejectedRow]:
    """One page of rejected rows, by file and line. Raises KeyNeeded or NotSeen."""
    check_page(page)
    question = Question(times)
    _narrow_rows(question, viewer, where)
    _ROWS.after(question, page.after)
    rows = await db.fetch(
        "SELECT r.organisation, r.file_id, r.line, r.field, r.value, r.code, r.reason, r.remedy,"
        f" r.net_pence, r.header, r.cells, r.resubmitted_in, r.resubmitted_line, r.payment_id, r.stream, {_ROWS.by} AS by_, r.row_id AS key_"
        f" FROM live.rejected_row r WHERE {question.filter}"
        f" ORDER BY {_ROWS.clause} LIMIT {page.first + 1}",
        *question.values,
    )
    return page_of(rows, page, _ROWS.name, _rejected)


def _rejected(row: dict[str, Any]) -> RejectedRow:
    stream = row.pop("stream")
    service = "contracts" if stream.startswith("register/") else "spend"
    header, cells = tuple(row.pop("header") or ()), tuple(row.pop("cells") or ())
    return RejectedRow(**row, header=header, cells=cells, stream=(service, stream))


async def reject_totals(db: Database, viewer: Viewer, where: RejectFilter, *, times: Times = NOW) -> Totals:
    """How many rejected rows, and the pence of those whose amount could be read."""
    question = Question(times)
    _narrow_rows(question, viewer, where)
    return await totals_of(
        db,
        "SELECT count(*) AS count, coalesce(sum(r.net_pence), 0)::bigint AS net_pence"
        f" FROM live.rejected_row r WHERE {question.filter}",
        question.values,
    )
