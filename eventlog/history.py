"""Rows that keep their history: a pure `project(row, fact, recorded)` becomes a table of versions.

A row's version is known from the moment its fact was recorded (never earlier than the version before
it) until the next one; the current version is known to infinity. Versions that would have been known
for no time at all collapse into the last of them. So the table depends only on the facts and their
order within a stream: not on how they were split into batches, nor on when they were applied.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import astuple

from eventlog.bulk_append import Connection
from eventlog.columns import Columns, columns_of
from eventlog.projector import Recorded
from schemas.fact import Fact

Row = TypeVar("Row", bound=Struct)
Key = tuple[str, str]
"""Organisation and the row's own key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Row]):
    """One table of a read model: which facts touch a row, which row, and what they make of it."""

    name: str
    row: type[Row]
    key: str
    facts: tuple[type[Fact], ...]
    key_of: Callable[[Any], str | None]
    """The row's key; None when this fact touches no row."""
    project: Callable[[Row | None, Any, Recorded], Row]
    indexes: tuple[str | tuple[str, ...], ...] = ()
    own_stream: bool = False
    """No row is touched by two streams: a stream's first event finds no row, and nobody looks for it."""


@dataclass(slots=True)
class Version(Generic[Row]):
    """A version of a row; `known_to` is None for the current one."""

    row: Row
    stream: str
    known_from: datetime
    known_to: datetime | None = None


@dataclass(slots=True)
class Change(Generic[Row]):
    """What a batch does to one key: what was there, and the versions that follow."""

    before: Version[Row] | None
    versions: list[Version[Row]]

    @property
    def replaces(self) -> bool:
        """Whether the version that was there has been known for no time and goes away."""
        return bool(self.versions and self.before) and self.versions[0].known_from == self.before.known_from  # type: ignore[union-attr]


def fold(
    table: Table[Row], before: Mapping[Key, Version[Row]], batch: Iterable[tuple[Key, Recorded]]
) -> dict[Key, Change[Row]]:
    """The versions that a batch makes, beginning from the current ones."""
    changes: dict[Key, Change[Row]] = {}
    project = table.project
    for key, recorded in batch:
        change = changes.get(key)
        if change is None:
            change = changes[key] = Change(before.get(key), [])
        last = change.versions[-1] if change.versions else change.before
        row = project(last.row if last else None, recorded.fact, recorded)
        if last is None:
            change.versions.append(Version(row, recorded.stream, recorded.recorded_at))
        elif row != last.row:
            _follow(change, last, row, recorded)
    return changes


def _follow(change: Change[Row], last: Version[Row], row: Row, recorded: Recorded) -> None:
    """Add a version behind the last one, or in its place when no time has passed."""
    known_from = max(last.known_from, recorded.recorded_at)
    if change.versions and last.known_from == known_from:
        change.versions[-1] = Version(row, recorded.stream, known_from)
        return
    if change.versions:
        last.known_to = known_from
    change.versions.append(Version(row, recorded.stream, known_from))


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryProjection:
    """A read model of one or more tables with history; implements Projection."""

    name: str
    version: int
    topics: tuple[str, ...]
    tables: tuple[Table[Any], ...]
    wants_all: bool = False

    @property
    def facts(self) -> tuple[type[Fact], ...]:
        """Every fact that touches one of its tables."""
        return tuple(dict.fromkeys(fact for table in self.tables for fact in table.facts))

    @property
    def streams_apart(self) -> bool:
        """Whether rows of different streams never meet."""
        return all(table.own_stream for table in self.tables)

    async def create(self, conn: Connection, schema: str) -> None:
        """Make the tables, with the one index that applying needs."""
        for table in self.tables:
            for statement in columns_of(table.row, table.key).create(schema, table.name):
                await conn.execute(statement)

    async def finish(self, conn: Connection, schema: str) -> None:
        """Make the indexes that readers need."""
        for table in self.tables:
            columns = columns_of(table.row, table.key)
            for statement in columns.index(schema, table.name, table.indexes):
                await conn.execute(statement)

    async def apply(self, conn: Connection, schema: str, batch: Sequence[Recorded]) -> None:
        """Fold a batch into every table that it touches."""
        for table, touching in zip(self.tables, _touching(self.tables, batch), strict=True):
            if touching:
                await _write(conn, schema, table, touching)


Touching = list[tuple[Key, Recorded]]


def _touching(tables: Sequence[Table[Any]], batch: Sequence[Recorded]) -> list[Touching]:
    """For each table what of a batch touches which of its rows, in the order of the batch."""
    found: list[Touching] = [[] for _ in tables]
    wanting: defaultdict[type, list[tuple[Callable[[Any], str | None], Touching]]] = defaultdict(list)
    for table, touching in zip(tables, found, strict=True):
        for fact in table.facts:
            wanting[fact].append((table.key_of, touching))
    for recorded in batch:
        for key_of, touching in wanting.get(type(recorded.fact), ()):
            key = key_of(recorded.fact)
            if key is not None:
                touching.append(((recorded.organisation, key), recorded))
    return found


async def _write(conn: Connection, schema: str, table: Table[Any], touching: list[tuple[Key, Recorded]]) -> None:
    columns = columns_of(table.row, table.key)
    before = await _current(conn, schema, table, columns, _perhaps_there(table, touching))
    changes = {key: change for key, change in fold(table, before, touching).items() if change.versions}
    if not changes:
        return
    await _close(conn, columns.qualified(schema, table.name), columns.key, changes)
    current, closed = [], []
    for (organisation, _), change in changes.items():
        for version in change.versions:
            values = (organisation, *astuple(version.row), version.stream, version.known_from)
            if version.known_to is None:
                current.append(values)
            else:
                closed.append((*values, version.known_to))
    await columns.copy(conn, schema, table.name, current, closed)


def _perhaps_there(table: Table[Any], touching: list[tuple[Key, Recorded]]) -> list[Key]:
    """The keys of which there may be a row already."""
    if not table.own_stream:
        return list(dict.fromkeys(key for key, _ in touching))
    first: dict[Key, int] = {}
    for key, recorded in touching:
        first.setdefault(key, recorded.version)
    return [key for key, version in first.items() if version > 1]


async def _current(
    conn: Connection, schema: str, table: Table[Any], columns: Columns, wanted: list[Key]
) -> dict[Key, Version[Any]]:
    """The current versions of these keys."""
    if not wanted:
        return {}
    rows = await conn.fetch(columns.select_current(schema, table.name), [o for o, _ in wanted], [k for _, k in wanted])
    place = columns.place_of_key
    return {
        (row[0], row[1 + place]): Version(table.row(**columns.from_database(row)), row[-2], row[-1]) for row in rows
    }


async def _close(conn: Connection, qualified: str, key: str, changes: Mapping[Key, Change[Any]]) -> None:
    """End the versions that are followed; take away those that were never known for any time."""
    gone = [k for k, change in changes.items() if change.before and change.replaces]
    ended = [
        (k, change.versions[0].known_from) for k, change in changes.items() if change.before and not change.replaces
    ]
    if gone:
        await conn.execute(
            f"DELETE FROM {qualified} t USING unnest($1::text[], $2::text[]) AS k(organisation, key)"  # noqa: S608
            f" WHERE t.organisation = k.organisation AND t.{key} = k.key AND t.known_to = 'infinity'",
            [organisation for organisation, _ in gone],
            [value for _, value in gone],
        )
    if ended:
        await conn.execute(
            f"UPDATE {qualified} t SET known_to = k.until"  # noqa: S608
            " FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS k(organisation, key, until)"
            f" WHERE t.organisation = k.organisation AND t.{key} = k.key AND t.known_to = 'infinity'",
            [organisation for (organisation, _), _ in ended],
            [value for (_, value), _ in ended],
            [until for _, until in ended],
        )
