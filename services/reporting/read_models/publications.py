"""What was published of each quarter's payments? Every edition, and its files in parts, as they were approved."""

from datetime import date
from typing import Any

from msgspec import Struct

from eventlog.history import Table
from eventlog.projector import Recorded
from schemas.spend import PublicationPart, QuarterPublished


class PublicationRow(Struct, frozen=True, kw_only=True, gc=False):
    """An edition of a quarter: lists that go together have one item for each file, or for each reason."""

    publication_id: str
    quarter: str
    edition: int
    reason: str | None
    published_known_at: str
    rules_dated: date
    file_names: tuple[str, ...]
    file_digests: tuple[str, ...]
    file_rows: tuple[int, ...]
    file_pence: tuple[int, ...]
    left_out: tuple[str, ...]
    left_out_payments: tuple[int, ...]
    left_out_pence: tuple[int, ...]
    control_payments: int
    control_pence: int
    approved_on: date


class PublicationPartRow(Struct, frozen=True, kw_only=True, gc=False):
    """A part of a file of an edition."""

    part_id: str  # publication, file and part
    publication_id: str
    file_name: str
    part: int
    content: str


def part_id(fact: PublicationPart) -> str:
    """Which part of which file of which edition."""
    return f"{fact.publication_id}/{fact.file_name}/{fact.part}"


def project_publication(_row: PublicationRow | None, fact: QuarterPublished, recorded: Recorded) -> PublicationRow:
    """An edition is approved once."""
    return PublicationRow(
        publication_id=fact.publication_id,
        quarter=fact.quarter,
        edition=fact.edition,
        reason=fact.reason,
        published_known_at=fact.known_at,
        rules_dated=fact.rules_dated,
        file_names=fact.file_names,
        file_digests=fact.file_digests,
        file_rows=fact.file_rows,
        file_pence=fact.file_pence,
        left_out=fact.left_out,
        left_out_payments=fact.left_out_payments,
        left_out_pence=fact.left_out_pence,
        control_payments=fact.control_payments,
        control_pence=fact.control_pence,
        approved_on=recorded.recorded_at.date(),
    )


def project_part(_row: PublicationPartRow | None, fact: PublicationPart, _recorded: Recorded) -> PublicationPartRow:
    """A part is said once."""
    return PublicationPartRow(
        part_id=part_id(fact),
        publication_id=fact.publication_id,
        file_name=fact.file_name,
        part=fact.part,
        content=fact.content,
    )


TABLES: tuple[Table[Any], ...] = (
    Table(
        name="publication",
        row=PublicationRow,
        key="publication_id",
        facts=(QuarterPublished,),
        key_of=lambda fact: fact.publication_id,
        project=project_publication,
    ),
    Table(
        name="publication_part",
        row=PublicationPartRow,
        key="part_id",
        facts=(PublicationPart,),
        key_of=part_id,
        project=project_part,
        indexes=("publication_id",),
    ),
)
