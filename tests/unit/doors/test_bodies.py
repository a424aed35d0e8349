import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doors.bodies import Body, Text, read_json, strictly_json
from doors.problems import BadRequest
from doors.tables import cleaned, opened


class Named(Body):
    name: Text


@given(st.binary(max_size=64))
def test_any_bytes_are_json_or_a_bad_request(raw: bytes) -> None:
    with suppress(BadRequest):
        read_json(raw, Named)


@given(st.text(max_size=40))
def test_a_name_is_one_line_that_says_something(name: str) -> None:
    try:
        found = read_json(json.dumps({"name": name}).encode(), Named).name
    except BadRequest:
        return
    assert found == name
    assert name.isprintable() or not any(ord(c) < 32 for c in name)


@pytest.mark.parametrize("raw", [b'{"a": 1, "a": 1}', b'{"b": {"a": 1, "a": 2}}'])
def test_a_name_given_twice_is_refused_at_any_depth(raw: bytes) -> None:
    with pytest.raises(BadRequest) as refusal:
        strictly_json(raw)
    assert (refusal.value.code, refusal.value.field) == ("duplicate-field", "a")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_bad_request(raw: bytes) -> None:
    try:
        rows = [line for line in opened(raw).lines if line.cells]
    except BadRequest:
        return
    assert all(any(cell.strip() for cell in row.cells) for row in rows)
    assert [row.number for row in rows] == sorted({row.number for row in rows})


@given(st.text(max_size=60))
def test_a_cell_has_no_control_characters(cell: str) -> None:
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in cleaned(cell))
    assert cleaned(cleaned(cell)) == cleaned(cell)
