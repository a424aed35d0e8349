"""Source files and the rows of them that were rejected, as their organisation sees them."""

from typing import Annotated

import strawberry

from gateway import reads
from gateway.asking import Info, write_id
from gateway.connections import After, Connection, First, KnownAt, Node, TotalledConnection, from_row, page, parts
from gateway.queries.choices import FileKind
from gateway.queries.evidence import EVIDENCE, Event, evidence
from gateway.queries.filters import FileFilter, RejectFilter
from gateway.reads import models
from gateway.reads.times import Times
from gateway.scalars import Day, Instant, Pence, Whole


@strawberry.type(description="A row that could not be put on the record; it is kept so that it can be mended.")
class RejectedRow(Node):
    organisation: str = strawberry.field(description="Whose file it is in, as GB-LAE-SLF.")
    file_id: str = strawberry.field(description="The source file.")
    line: int = strawberry.field(description="The line on which the row begins, counted from 1.")
    field: str = strawberry.field(description="The field that is wrong.")
    value: str = strawberry.field(description="What stands there.")
    code: str = strawberry.field(description="The reason's code.")
    reason: str = strawberry.field(description="What is wrong, in plain words.")
    remedy: str = strawberry.field(description="How to mend it.")
    net_pence: Pence | None = strawberry.field(description="The row's amount; null when it could not be read.")
    header: list[str] = strawberry.field(description="The names of its file's columns; none where they were not kept.")
    cells: list[str] = strawberry.field(description="The row as published.")
    resubmitted_in: str | None = strawberry.field(description="The file in which it came again; null when in none.")
    resubmitted_line: int | None = strawberry.field(description="The line of that file.")
    payment_id: str | None = strawberry.field(
        description="The payment that it is on the record as since then; null where it was rejected again."
    )
    times: strawberry.Private[Times]
    stream: strawberry.Private[tuple[str, str]]

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        return await evidence(info, self.organisation, [self.stream], first, after, self.times)


RejectedRowConnection = TotalledConnection[RejectedRow]


@strawberry.type(
    description="A file that was read. Read = new + known + corrected + rejected, in rows and in pence; held = new + corrected."
)
class SourceFile(Node):
    organisation: str = strawberry.field(description="Whose file it is, as GB-LAE-SLF.")
    file_id: str = strawberry.field(description="The SHA-256 of its bytes.")
    kind: FileKind = strawberry.field(description="What kind of file it is.")
    file_name: str = strawberry.field(description="Its name when it was received.")
    byte_count: Whole = strawberry.field(description="Its size in bytes.")
    period: str | None = strawberry.field(description="The period of a spend file, as 2021-04; null for a register.")
    stated_on: Day | None = strawberry.field(description="The day on which a register states; null for a spend file.")
    encoding: str = strawberry.field(description="How its text was encoded.")
    read_rows: int = strawberry.field(description="Rows that were read.")
    new_rows: int = strawberry.field(description="Rows that were put on the record.")
    known_rows: int = strawberry.field(description="Rows that were on the record already.")
    corrected_rows: int = strawberry.field(description="Rows that correct what was on the record.")
    rejected_rows: int = strawberry.field(description="Rows that could not be put on the record.")
    read_pence: Pence = strawberry.field(description="Net pence of all rows whose amount could be read.")
    new_pence: Pence = strawberry.field(description="Net pence of the new rows.")
    known_pence: Pence = strawberry.field(description="Net pence of the rows that were known.")
    corrected_pence: Pence = strawberry.field(description="Net pence of the rows that correct others.")
    rejected_pence: Pence = strawberry.field(description="Net pence of the rejected rows whose amount could be read.")
    unreadable_rows: int = strawberry.field(
        description="Rows whose amount could not be read: their pence are unknown and in no total."
    )
    held_rows: int = strawberry.field(description="Rows of this file that the read models hold.")
    held_pence: Pence = strawberry.field(description="Net pence of those rows.")
    received_at: Instant = strawberry.field(description="When it was received.")
    incomplete: bool = strawberry.field(description="Whether an event about it could not be read yet.")
    times: strawberry.Private[Times]
    row: strawberry.Private[reads.SourceFile]

    @strawberry.field(description="Its rows that could not be put on the record, by line.")
    async def rejected(self, info: Info, first: First = 20, after: After = None) -> TotalledConnection[RejectedRow]:
        where = reads.RejectFilter(organisation=self.organisation, file_id=self.file_id)
        return await rejected_connection(info, where, first, after, self.times)

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        streams = reads.evidence_of_source_file(self.row)
        return await evidence(info, self.organisation, streams, first, after, self.times)


SourceFileConnection = TotalledConnection[SourceFile]


def file_of(row: reads.SourceFile, times: Times) -> SourceFile:
    """A source file for partners."""
    source_file = from_row(
        SourceFile, row, id=write_id("SourceFile", row.organisation, row.file_id), times=times, row=row
    )
    source_file.kind = FileKind(row.kind)
    return source_file


async def rejected_connection(
    info: Info, where: reads.RejectFilter, first: int, after: str | None, times: Times
) -> TotalledConnection[RejectedRow]:
    """The rejected rows that a filter lets through, as a connection."""
    asking = info.context
    found = await reads.rejected_rows(asking.db, asking.viewer, where, page=page(first, after), times=times)
    return RejectedRowConnection(
        **parts(found, [_rejected(row, times) for row in found.items], after),
        ask_totals=lambda: reads.reject_totals(asking.db, asking.viewer, where, times=times),
        ask_incomplete=lambda: asking.incomplete(models.FILES, where.organisation),
    )


def _rejected(row: reads.RejectedRow, times: Times) -> RejectedRow:
    return from_row(
        RejectedRow,
        row,
        id=write_id("RejectedRow", row.organisation, f"{row.file_id}:{row.line}"),
        times=times,
    )


async def rejected_rows(
    info: Info,
    where: Annotated[RejectFilter | None, strawberry.argument(description="Which rows; all, when absent.")] = None,
    first: First = 20,
    after: After = None,
    as_known_at: KnownAt = None,
) -> TotalledConnection[RejectedRow] | None:
    """Resolve `rejectedRows`."""
    return await rejected_connection(info, (where or RejectFilter()).where(), first, after, Times(as_known_at))


async def source_files(
    info: Info,
    where: Annotated[FileFilter | None, strawberry.argument(description="Which files; all, when absent.")] = None,
    first: First = 20,
    after: After = None,
    as_known_at: KnownAt = None,
) -> TotalledConnection[SourceFile] | None:
    """Resolve `sourceFiles`."""
    times = Times(as_known_at)
    asking, narrowed = info.context, (where or FileFilter()).where()
    found = await reads.source_files(asking.db, asking.viewer, narrowed, page=page(first, after), times=times)
    return SourceFileConnection(
        **parts(found, [file_of(row, times) for row in found.items], after),
        ask_totals=lambda: reads.file_totals(asking.db, asking.viewer, narrowed, times=times),
        ask_incomplete=lambda: asking.incomplete(models.FILES, narrowed.organisation),
    )
