"""Has a row begun? Facts of a stream arrive in order, so what comes second finds what came first."""

from typing import TypeVar

from eventlog.errors import UnreadableFactError
from schemas.fact import Fact

Row = TypeVar("Row")


def begun(row: Row | None, fact: Fact) -> Row:
    """The row that an earlier fact began.

    Raises UnreadableFactError when there is none, so that the fact is parked and not lost.
    """
    if row is None:
        raise UnreadableFactError(f"{fact.wire_name} came before the fact it continues")
    return row
