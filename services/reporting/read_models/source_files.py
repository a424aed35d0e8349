"""Which files were read, what became of their rows, and which rows could not be put on record?"""

from datetime import date
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from schemas.contracts import RegisterReceived, RegisterRowRejected
from schemas.spend import RejectedRowKept, RowRejected, RowResubmitted, SpendFileReceived
from services.reporting.read_models.order import begun


class SourceFileRow(Struct, frozen=True, kw_only=True, gc=False):
    """A file and what its reader counted."""

    file_id: str
    kind: str  # register or spend
    file_name: str
    byte_count: int
    period: str | None  # a spend file's
    stated_on: date | None  # a register's
    encoding: str
    read_rows: int
    new_rows: int
    known_rows: int
    corrected_rows: int
    rejected_rows: int
    read_pence: int
    new_pence: int
    known_pence: int
    corrected_pence: int
    rejected_pence: int
    unreadable_rows: int


class RejectedRow(Struct, frozen=True, kw_only=True, gc=False):
    """A row that was kept aside, and how to mend it."""

    row_id: str  # file and line
    file_id: str
    line: int
    field: str
    value: str
    code: str
    reason: str
    remedy: str
    net_pence: int | None
    header: tuple[str, ...] = ()  # the names of its file's columns
    cells: tuple[str, ...] = ()  # as published; none of rows that were read before these were kept
    resubmitted_in: str | None = None  # the file in which it came again
    resubmitted_line: int | None = None
    payment_id: str | None = None  # what it is on the record as since then


Rejected = RowRejected | RegisterRowRejected | RejectedRowKept | RowResubmitted


def row_id(fact: Rejected) -> str:
    """Which row of which file."""
    return f"{fact.file_id}:{fact.line}"


def project_file(
    _row: SourceFileRow | None, fact: RegisterReceived | SpendFileReceived, _recorded: Recorded
) -> SourceFileRow:
    """A file is received once; the counts are its reader's."""
    kind: str
    period: str | None
    stated_on: date | None
    match fact:
        case RegisterReceived():
            kind, period, stated_on = "register", None, fact.stated_on
        case SpendFileReceived():
            kind, period, stated_on = "spend", fact.period, None
        case _:
            assert_never(fact)
    return SourceFileRow(
        file_id=fact.file_id,
        kind=kind,
        file_name=fact.file_name,
        byte_count=fact.byte_count,
        period=period,
        stated_on=stated_on,
        encoding=fact.encoding,
        read_rows=fact.read_rows,
        new_rows=fact.new_rows,
        known_rows=fact.known_rows,
        corrected_rows=fact.corrected_rows,
        rejected_rows=fact.rejected_rows,
        read_pence=fact.read_pence,
        new_pence=fact.new_pence,
        known_pence=fact.known_pence,
        corrected_pence=fact.corrected_pence,
        rejected_pence=fact.rejected_pence,
        unreadable_rows=fact.unreadable_rows,
    )


def project_rejected(row: RejectedRow | None, fact: Rejected, _recorded: Recorded) -> RejectedRow:
    """A row is rejected once; the mended row comes in another file, perhaps more than once."""
    match fact:
        case RejectedRowKept():
            return replace(begun(row, fact), header=fact.header, cells=fact.cells)
        case RowResubmitted():
            return replace(
                begun(row, fact),
                resubmitted_in=fact.by_file_id,
                resubmitted_line=fact.by_line,
                payment_id=fact.payment_id,
            )
        case RowRejected() | RegisterRowRejected():
            return _rejected(fact)
        case _:
            assert_never(fact)


def _rejected(fact: RowRejected | RegisterRowRejected) -> RejectedRow:
    return RejectedRow(
        row_id=row_id(fact),
        file_id=fact.file_id,
        line=fact.line,
        field=fact.field,
        value=fact.value,
        code=fact.code,
        reason=fact.reason,
        remedy=fact.remedy,
        net_pence=fact.net_pence,
    )


source_files = HistoryProjection(
    name="source_files",
    version=2,
    topics=("contracts.events", "spend.events"),
    tables=(
        Table(
            name="source_file",
            row=SourceFileRow,
            key="file_id",
            facts=(RegisterReceived, SpendFileReceived),
            key_of=lambda fact: fact.file_id,
            project=project_file,
        ),
        Table(
            name="rejected_row",
            row=RejectedRow,
            key="row_id",
            facts=(RegisterRowRejected, RowRejected, RejectedRowKept, RowResubmitted),
            key_of=row_id,
            project=project_rejected,
            indexes=("file_id",),
        ),
    ),
)
