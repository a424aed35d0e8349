"""What does a file of JSON objects hold? A table: one object a line, or one list of them."""

import json
from collections.abc import Iterator

from doors.rows import Line, unreadable

Members = dict[str, str]


class _NoRow(Exception):
    """An object that is no row of a table; says why."""


def lines_of_json(text: str) -> Iterator[Line]:
    """The names of all members as a first line, then a line for each object. Raises BadRequest.

    Numbers keep the digits with which they are written: no float comes near an amount.
    """
    rows = list(_listed(text) if text.lstrip().startswith("[") else _one_a_line(text))
    names = list(dict.fromkeys(name for _, members in rows for name in members))
    if not names:
        raise unreadable("This JSON file holds no rows.", "Send one object a line, each a payment.")
    yield Line(rows[0][0], tuple(names))
    for number, members in rows:
        cells = tuple(members.get(name, "") for name in names)
        yield Line(number, cells if any(cells) else ())


def _one_a_line(text: str) -> Iterator[tuple[int, Members]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, _members(_loaded(line))
            except _NoRow as why:
                raise unreadable(f"Line {number} is no row: {why}.", "Send one flat object a line.") from None


def _listed(text: str) -> Iterator[tuple[int, Members]]:
    number = 0
    try:
        loaded = _loaded(text)
        assert isinstance(loaded, list)  # it begins with a bracket
        for number, each in enumerate(loaded, 1):
            yield number, _members(each)
    except _NoRow as why:
        raise unreadable(f"Object {number} of this list is no row: {why}.", "Send flat objects.") from None


def _loaded(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=str)
    except RecursionError:
        raise _NoRow("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise _NoRow(error.msg.lower()) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NoRow("a name is given twice")
    return found


def _members(value: object) -> Members:
    if not isinstance(value, dict):
        raise _NoRow("it is no object")
    return {name: _text(name, member) for name, member in value.items()}


def _text(name: str, value: object) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return str(value).upper()
        case _:
            raise _NoRow(f"{name[:40]} is not one value")
