"""Which events stand behind what a page shows?"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway import reads
from gateway.pages import words
from gateway.pages.asked import Asked
from gateway.pages.rendering import Cell, Column, Table
from gateway.reads import Event, Page

AT_MOST = 100
_COLUMNS = (
    Column("What"),
    Column("When we learnt it"),
    Column("Position", classes="lp-nowrap"),
    Column("Event", classes="lp-nowrap"),
)


@dataclass(frozen=True, slots=True)
class Behind:
    """The events behind a page, and whether there are more than are shown."""

    table: Table
    more: bool


async def facts_behind(asked: Asked, organisation: str, streams: Sequence[tuple[str, str]]) -> Behind:
    """The events of these streams."""
    found = await reads.evidence(asked.db, organisation, streams, page=Page(first=AT_MOST), times=asked.times)
    rows = [_row(asked, event) for event in found.items]
    return Behind(Table("The facts behind this", _COLUMNS, rows), found.has_next)


def _row(asked: Asked, event: Event) -> list[Cell]:
    return [
        Cell(words.fact(event.type), note=event.type),
        Cell(words.moment(event.recorded_at)),
        Cell(event.position, asked.to.event(event.event_id), mono=True),
        Cell(f"{event.event_id[:8]}…", asked.to.event(event.event_id), title=event.event_id, mono=True),
    ]
