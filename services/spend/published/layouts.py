"""What a person has said of a publisher's columns, kept for files with the same ones."""

import json
from collections.abc import Mapping

from asyncpg import Pool

from eventlog.clock import now
from eventlog.store import Connection, Draft
from schemas.spend import SpendLayoutAgreed
from services.spend.published.columns import Agreed, Column, Layout, layout_id


async def agreed(conn: Connection | Pool, organisation: str) -> Agreed:
    """All that an organisation has agreed, by layout."""
    rows = await conn.fetch("SELECT layout_id, columns FROM spend.layout WHERE organisation = $1", organisation)
    return {row["layout_id"]: json.loads(row["columns"]) for row in rows}


async def agree(conn: Connection, organisation: str, layout: Layout, given: Mapping[str, str]) -> list[Draft]:
    """Remember what was said, and draft the fact; nothing where it was said before."""
    known = layout_id(layout.header)
    columns = json.dumps(dict(sorted(given.items())))
    version = await conn.fetchval(
        "INSERT INTO spend.layout AS l (organisation, layout_id, columns, version) VALUES ($1, $2, $3, 1)"
        " ON CONFLICT (organisation, layout_id) DO UPDATE SET columns = excluded.columns, version = l.version + 1"
        " WHERE l.columns <> excluded.columns RETURNING version",
        organisation,
        known,
        columns,
    )
    if version is None:
        return []
    fields = tuple(sorted(given))
    fact = SpendLayoutAgreed(
        layout_id=known, header=layout.header, fields=fields, columns=tuple(given[field] for field in fields)
    )
    return [Draft(stream=f"layout/{known}", version=version, fact=fact, happened_at=now())]


def written(layout: Layout) -> str:
    """All that is needed to read a row of the file again, as JSON."""
    columns = {meaning: [column.place, column.name, column.reason] for meaning, column in layout.columns.items()}
    return json.dumps(
        {"header": layout.header, "columns": columns, "month_first": layout.month_first, "dates": layout.dates}
    )


def read_again(text: str) -> Layout:
    """A layout that was `written`, for a table that begins with its column names."""
    said = json.loads(text)
    columns = {meaning: Column(*column) for meaning, column in said["columns"].items()}
    return Layout(tuple(said["header"]), 0, columns, said["month_first"], said["dates"])
