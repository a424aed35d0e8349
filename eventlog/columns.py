"""How does a row stand in a table? Its columns, their types, and the statements about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from eventlog.bulk_append import Connection

TYPES = {str: "text", int: "bigint", bool: "boolean", date: "date", tuple: "text[]"}


@dataclass(frozen=True, slots=True)
class Columns:
    """A row's columns, between `organisation` and `stream, known_from, known_to`."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    nullable: tuple[bool, ...]
    arrays: tuple[str, ...]
    key: str

    @property
    def place_of_key(self) -> int:
        """Which of the columns is the key."""
        return self.names.index(self.key)

    def qualified(self, schema: str, table: str) -> str:
        """The table's name, quoted."""
        return f'"{schema}"."{table}"'

    def create(self, schema: str, table: str) -> list[str]:
        """The table, and the index by which its current rows are found."""
        own = [
            f'"{name}" {kind}{"" if null else " NOT NULL"}'
            for name, kind, null in zip(self.names, self.types, self.nullable, strict=True)
        ]
        columns = ", ".join(
            [
                "organisation text NOT NULL",
                *own,
                "stream text NOT NULL",
                "known_from timestamptz NOT NULL",
                "known_to timestamptz NOT NULL DEFAULT 'infinity'",
            ]
        )
        return [
            f"CREATE TABLE IF NOT EXISTS {self.qualified(schema, table)} ({columns}) WITH (fillfactor = 90)",
            f'CREATE UNIQUE INDEX IF NOT EXISTS "{table}_current" ON {self.qualified(schema, table)}'
            f" (\"{self.key}\", organisation) WHERE known_to = 'infinity'",
        ]

    def index(self, schema: str, table: str, wanted: Sequence[str | tuple[str, ...]]) -> list[str]:
        """What readers need: the history of a key, and the given columns of an organisation, where they hold anything."""
        names: list[tuple[str, ...]] = [(self.key, "known_from")]
        names += [(column,) if isinstance(column, str) else column for column in wanted]
        statements = []
        for columns in names:
            listed = ", ".join(f'"{column}"' for column in ("organisation", *columns))
            empty = [name for name, null in zip(self.names, self.nullable, strict=True) if null and name in columns]
            filled = " AND ".join(f'"{name}" IS NOT NULL' for name in empty)
            statements.append(
                f'CREATE INDEX IF NOT EXISTS "{table}_{"_".join(columns)}"'
                f" ON {self.qualified(schema, table)} ({listed})" + (f" WHERE {filled}" if filled else "")
            )
        return [*statements, f"ANALYZE {self.qualified(schema, table)}"]

    def select_current(self, schema: str, table: str) -> str:
        """Organisation, the row's columns, stream and known_from of the current rows of given keys."""
        listed = ", ".join(f't."{name}"' for name in self.names)
        return (
            f"SELECT t.organisation, {listed}, t.stream, t.known_from"  # noqa: S608
            " FROM unnest($1::text[], $2::text[]) AS k(organisation, key)"
            f" JOIN {self.qualified(schema, table)} t ON t.organisation = k.organisation"
            f" AND t.\"{self.key}\" = k.key AND t.known_to = 'infinity'"
        )

    def from_database(self, row: Any) -> dict[str, Any]:
        """The row's own values by name; arrays as tuples again."""
        found = dict(zip(self.names, row[1 : 1 + len(self.names)], strict=True))
        for name in self.arrays:
            if found[name] is not None:
                found[name] = tuple(found[name])
        return found

    async def copy(
        self, conn: Connection, schema: str, table: str, current: Sequence[Any], closed: Sequence[Any]
    ) -> None:
        """Add versions: those that are current, and those that have an end already."""
        names = ["organisation", *self.names, "stream", "known_from"]
        for columns, rows in ((names, current), ([*names, "known_to"], closed)):
            if rows:
                await conn.copy_records_to_table(table, schema_name=schema, columns=columns, records=rows)


_known: dict[tuple[type[Struct], str], Columns] = {}


def columns_of(row: type[Struct], key: str) -> Columns:
    """The columns of a row, a msgspec Struct. Raises TypeError for a field that no column can hold."""
    found = _known.get((row, key))
    if found is None:
        found = _known[row, key] = _columns(row, key)
    return found


def _columns(row: type[Struct], key: str) -> Columns:
    hints = get_type_hints(row)
    names: tuple[str, ...] = row.__struct_fields__
    kinds = [_column_type(hints[name]) for name in names]
    if key not in names:
        raise TypeError(f"{row.__name__} has no field {key}")
    arrays = tuple(name for name, (kind, _) in zip(names, kinds, strict=True) if kind.endswith("[]"))
    return Columns(names, tuple(k for k, _ in kinds), tuple(n for _, n in kinds), arrays, key)


def _column_type(hint: Any) -> tuple[str, bool]:
    if get_origin(hint) in (Union, UnionType):
        kinds = {_column_type(arm)[0] for arm in get_args(hint) if arm is not NoneType}
        if len(kinds) != 1:
            raise TypeError(f"one column cannot hold {hint}")
        return kinds.pop(), NoneType in get_args(hint)
    origin = get_origin(hint)
    if origin is Literal:
        return TYPES[type(get_args(hint)[0])], False
    kind = TYPES.get(origin or hint)
    if kind is None:
        raise TypeError(f"no column can hold {hint}")
    return ("bigint[]" if origin is tuple and get_args(hint)[0] is int else kind), False
