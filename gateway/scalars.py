"""How are money, days and instants written in GraphQL?"""

import re
from datetime import UTC, date, datetime
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Pence = NewType("Pence", int)
Whole = NewType("Whole", int)
Day = NewType("Day", date)
Instant = NewType("Instant", datetime)

LARGEST = 2**53 - 1
_DIGITS = re.compile(r"-?[0-9]{1,16}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _refused(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})


def read_pence(value: object) -> Pence:
    """Whole pence, as a number or a text of digits. Raises GraphQLError for anything else."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise _refused("Pence are whole, between -9007199254740991 and 9007199254740991.")
    return Pence(value)


def read_day(value: object) -> Day:
    """A day as 2021-04-30. Raises GraphQLError for anything else."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return Day(date.fromisoformat(value))
    except ValueError:
        pass
    raise _refused("A day is written as 2021-04-30.")


def read_instant(value: object) -> Instant:
    """An instant with its offset, as 2026-11-23T09:30:00Z. Raises GraphQLError for anything else."""
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return Instant(datetime.fromisoformat(value.upper()).astimezone(UTC))
    except (ValueError, OverflowError):
        pass
    raise _refused("An instant is written with its offset, as 2026-11-23T09:30:00Z.")


def write_instant(value: datetime) -> str:
    """RFC 3339 in UTC to the microsecond, with a Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


SCALARS: dict[object, ScalarDefinition] = {
    Pence: strawberry.scalar(
        name="Pence",
        description=(
            "Money in whole pence, without VAT unless a field says otherwise; below zero for a credit."
            " A JSON integer below 2^53; a text of digits is accepted too."
        ),
        serialize=int,
        parse_value=read_pence,
    ),
    Whole: strawberry.scalar(
        name="Whole",
        description="A whole number that may be larger than Int: a JSON integer below 2^53.",
        serialize=int,
        parse_value=read_pence,
    ),
    Day: strawberry.scalar(
        name="Date",
        description="A day in the United Kingdom, as 2021-04-30.",
        serialize=date.isoformat,
        parse_value=read_day,
    ),
    Instant: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC, as 2026-11-23T09:30:00.000000Z (RFC 3339); any offset is accepted.",
        serialize=write_instant,
        parse_value=read_instant,
    ),
}
