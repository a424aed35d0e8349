"""How is a question put to PostgreSQL? Conditions with parameters, time travel, keyset pages."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from gateway.reads.filters import BadInput, Page
from gateway.reads.shapes import PageOf, Totals
from gateway.reads.times import NOW, Times

if TYPE_CHECKING:
    import asyncpg

    Database: TypeAlias = "asyncpg.Pool[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]"
else:
    Database: TypeAlias = Any

Item = TypeVar("Item")
Value: TypeAlias = str | int | date
LONGEST_CURSOR = 3_000
LONGEST_TEXT = 200
LARGEST_BIGINT = 2**63 - 1

_READERS: Mapping[str, Callable[[str], Value]] = {
    "date": date.fromisoformat,
    "bigint": int,
    "text": str,
}


@dataclass(slots=True)
class Question:
    """A statement under construction: its conditions, and the values they stand on."""

    times: Times = NOW
    values: list[object] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)

    def value(self, value: object) -> str:
        """The parameter that stands for a value."""
        self.values.append(value)
        return f"${len(self.values)}"

    def known(self, alias: str) -> str:
        """Rows of a table as they are known now, or were known then."""
        if self.times.known_at is None:
            return f"{alias}.known_to = 'infinity'"
        then = self.value(self.times.known_at)
        return f"({alias}.known_from <= {then} AND {alias}.known_to > {then})"

    def counted(self, alias: str) -> str:
        """Payments as they are known, and were made by the day that is asked about."""
        known = self.known(alias)
        return known if self.times.as_of is None else f"({known} AND {alias}.paid_on <= {self.value(self.times.as_of)})"

    def where(self, condition: str) -> None:
        """Let only through what meets the condition."""
        self.conditions.append(condition)

    def equal(self, **columns: object) -> None:
        """Let only through what has these values; None asks nothing; `p__scope` is p.scope."""
        for name, value in columns.items():
            if value is not None:
                self.where(f"{name.replace('__', '.')} = {self.value(value)}")

    def contains(self, text: str, *expressions: str) -> None:
        """Let only through what has a text in one of its columns, in any case."""
        escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        pattern = self.value(f"%{escaped}%")
        self.where("(" + " OR ".join(f"{part} ILIKE {pattern}" for part in expressions) + ")")

    @property
    def filter(self) -> str:
        """All conditions as one."""
        return " AND ".join(self.conditions) or "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """One order that a list may have: what by, then by organisation and key."""

    name: str
    by: str
    type: str
    descending: bool
    key: str
    """The key's expression."""
    organisation: str

    def after(self, question: Question, cursor: str | None) -> None:
        """Let only through what comes after a cursor. Raises BadInput."""
        if cursor is None:
            return
        at = read_cursor(cursor, self)
        by, organisation, key = (question.value(part) for part in at)
        sign = "<" if self.descending else ">"
        question.where(
            f"({self.by}, {self.organisation}, {self.key})"
            f" {sign} ({by}::{self.type}, {organisation}::text, {key}::text)"
        )

    @property
    def clause(self) -> str:
        """What follows ORDER BY."""
        way = " DESC" if self.descending else ""
        return f"{self.by}{way}, {self.organisation}{way}, {self.key}{way}"


@dataclass(frozen=True, slots=True)
class Keyed:
    """What makes a list's items distinct: their organisation and key, as expressions."""

    organisation: str
    key: str

    def by(self, name: str, by: str, type_: str, *, descending: bool = False) -> Ordering:
        """One line of an allow-list of orders."""
        return Ordering(
            name=name, by=by, type=type_, descending=descending, key=self.key, organisation=self.organisation
        )


def write_cursor(order: str, by: object, organisation: str, key: str) -> str:
    """A place in a list, as the text that a page hands out.

    It is not signed, because altering it gains nothing: it says only behind which place the list goes on,
    is compared with rows that the policy has let through already, and reaches PostgreSQL as parameters of
    the order's own types. Whatever it says, the answer is a part of what the same caller is given without it.
    """
    place = json.dumps([order, str(by), organisation, key], separators=(",", ":"))
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(cursor: str, order: Ordering) -> tuple[Value, str, str]:
    """The place a cursor stands for. Raises BadInput for anything this list never handed out."""
    try:
        return _place(cursor, order)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise BadInput("after", "This is no cursor of this list in this order.") from None


def _place(cursor: str, order: Ordering) -> tuple[Value, str, str]:
    if len(cursor) > LONGEST_CURSOR or not cursor.isascii():
        raise ValueError
    place = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
    name, by, organisation, key = place
    if name != order.name or not all(
        isinstance(part, str) and "\0" not in part and _is_unicode(part) for part in place
    ):
        raise ValueError
    value = _READERS[order.type](by)
    if str(value) != by or (isinstance(value, int) and abs(value) > LARGEST_BIGINT):
        raise ValueError
    return value, organisation, key


async def totals_of(db: "Database", statement: str, values: Sequence[object]) -> Totals:
    """What a statement that answers with `count` and `net_pence` adds up to."""
    row = await db.fetchrow(statement, *values)
    if row is None:
        raise LookupError("an aggregate has one row")
    return Totals(count=row["count"], net_pence=row["net_pence"])


def check_page(page: Page) -> None:
    """Refuse a page that is no page. Raises BadInput."""
    if not 1 <= page.first <= page.most:
        raise BadInput("first", f"Ask for 1 to {page.most} items at a time.")


def page_of(rows: Sequence[Any], page: Page, order: str, make: Callable[[dict[str, Any]], Item]) -> PageOf[Item]:
    """A page out of rows that carry `by_`, `organisation` and `key_`; one row more was asked for."""
    shown = rows[: page.first]
    return PageOf(
        items=[make(_business(row)) for row in shown],
        cursors=[write_cursor(order, row["by_"], row["organisation"], row["key_"]) for row in shown],
        has_next=len(rows) > page.first,
    )


def _business(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"by_", "key_"}}


def check_text(name: str, text: str) -> str:
    """A text that PostgreSQL can hold and somebody may mean. Raises BadInput."""
    if len(text) > LONGEST_TEXT or "\0" in text or not _is_unicode(text):
        raise BadInput(name, f"Use at most {LONGEST_TEXT} characters, none of them NUL.")
    return text


def _is_unicode(text: str) -> bool:
    """No half of a surrogate pair, which JSON can carry and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_filter(where: Any) -> None:
    """Refuse a filter with a text that nobody can mean. Raises BadInput."""
    for field_ in fields(where):
        value = getattr(where, field_.name)
        if isinstance(value, str):
            check_text(field_.name, value)


def touched(alias: str, model: str) -> str:
    """Whether an event of a row's stream is parked, so that the row is not the last word."""
    return (
        "EXISTS (SELECT FROM projection.parked k JOIN projection.generation g"
        " ON g.name = k.name AND g.generation = k.generation AND g.state = 'live'"
        f" WHERE k.name = '{model}' AND k.organisation = {alias}.organisation"
        f" AND k.stream = {alias}.stream)"
    )


async def parked(db: "Database", models: Sequence[str], organisation: str | None) -> int:
    """How many records of these read models, and of this organisation, wait to be mended."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM projection.parked k JOIN projection.generation g"
        " ON g.name = k.name AND g.generation = k.generation AND g.state = 'live'"
        " WHERE k.name = ANY($1) AND ($2::text IS NULL OR k.organisation = $2)",
        list(models),
        organisation,
    )
    return count
