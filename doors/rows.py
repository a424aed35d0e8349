"""A table's row, whatever the file that holds it, and the refusal of a file that holds none."""

from typing import NamedTuple

from doors.problems import BadRequest


class Line(NamedTuple):
    """A row of a table, and the line of the file (from 1) on which it begins."""

    number: int
    cells: tuple[str, ...]


def unreadable(what: str, remedy: str) -> BadRequest:
    """The refusal of a file that is no table."""
    return BadRequest(422, "unreadable-file", what, field="file", remedy=remedy)


def name_of(header: str) -> str:
    """A column's name in the form in which names are compared: letters and digits only."""
    return "".join(character for character in header.lower() if character.isalnum())
