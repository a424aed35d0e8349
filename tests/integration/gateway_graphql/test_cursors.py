"""A cursor that was altered, forged or made up: a coded error, or a part of the list that the caller sees anyway."""

import base64
import json
from dataclasses import dataclass

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.graphql_http import execute
from gateway.policy import ANYONE, Viewer
from tests.builders import DEVON, SALFORD
from tests.integration.gateway_graphql.conftest import DEVONS, SALFORDS, Ask
from tests.integration.gateway_graphql.story import ACME, APRIL

OF_SALFORD = '{ organisation(organisation: "GB-LAE-SLF") { evidence'


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it is asked for, up to its arguments, and the name of its order as cursors say it."""

    asked: str
    order: str

    def query(self) -> str:
        """Asks for its ids behind a cursor."""
        end = "}" * self.asked.count("{")
        return f"query ($c: String) {self.asked}(first: 100, after: $c) {{ nodes {{ id }} edges {{ cursor }} }} {end}"

    def ids(self, data: object) -> list[str]:
        """What was answered; nothing where the list is null."""
        while isinstance(data, dict) and "nodes" not in data:
            (data,) = data.values()
        return [node["id"] for node in data["nodes"]] if isinstance(data, dict) else []


LISTS = (
    Listed("{ payments", "paid_on_desc"),
    Listed("{ contracts", "value_desc"),
    Listed("{ suppliers", "paid_desc"),
    Listed("{ outcomes", "due_on_asc"),
    Listed("{ sourceFiles", "newest"),
    Listed("{ rejectedRows", "by_line"),
    Listed("{ organisations", "identifier"),
    Listed(OF_SALFORD, "place"),
)
VIEWERS = (ANYONE, DEVONS, SALFORDS)

VALUES = st.one_of(
    st.sampled_from(["2021-04-30", "2022-12-31", "0001-01-01", "9999-12-31", "30000", "-60000", "0", "2021-04", ""]),
    st.integers(-(2**70), 2**70).map(str),
    st.dates().map(str),
    st.text(max_size=20),
)
KEYS = st.one_of(st.sampled_from(["P2", "P5", "C1", "K1", ACME, APRIL, "spend", "social_value"]), st.text(max_size=20))
ORGANISATIONS = st.sampled_from([SALFORD, DEVON, "", "GB-LAE-ZZZ"])


def written(place: object) -> str:
    """Anything, written as a cursor is."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=5) | st.dictionaries(st.text(max_size=8), part, max_size=5),
).map(written)
ANY_BYTES = st.binary(max_size=60).map(lambda some: base64.urlsafe_b64encode(some).decode().rstrip("="))


def cursors(listed: Listed) -> st.SearchStrategy[tuple[Listed, str]]:
    """A list and a cursor of its own order, of another's, or of none."""
    orders = st.just(listed.order) | st.sampled_from([each.order for each in LISTS])
    forged = st.tuples(orders, VALUES, ORGANISATIONS, KEYS).map(list).map(written)
    return st.tuples(st.just(listed), forged | JSON | ANY_BYTES | st.text(max_size=60))


async def seen(reads: asyncpg.Pool, listed: Listed, viewer: Viewer, cursor: str | None) -> list[str] | None:
    """The ids behind a cursor; None when it was refused by its code."""
    request = {"query": listed.query(), "variables": {"c": cursor}}
    status, answer = await execute(reads, viewer, request)
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    assert status == (200 if "data" in answer else 400)
    assert codes <= {"BAD_USER_INPUT", "UNAUTHENTICATED"}, (codes, cursor)
    return None if codes else listed.ids(answer["data"])


@given(asked=st.sampled_from(LISTS).flatmap(cursors), viewer=st.sampled_from(VIEWERS))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_cursor_is_refused_or_leads_to_what_is_seen_without_it(
    reads: asyncpg.Pool, asked: tuple[Listed, str], viewer: Viewer
) -> None:
    listed, cursor = asked
    whole = await seen(reads, listed, viewer, None)
    behind = await seen(reads, listed, viewer, cursor)
    assert behind is None or (whole is not None and behind == whole[len(whole) - len(behind) :])


@given(data=st.data(), listed=st.sampled_from(LISTS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_cursor_of_which_a_character_was_changed_too(
    reads: asyncpg.Pool, ask: Ask, data: st.DataObject, listed: Listed
) -> None:
    answer = await ask(listed.query(), SALFORDS)
    while "edges" not in answer:
        (answer,) = answer.values()
    given_out = [edge["cursor"] for edge in answer["edges"]]
    cursor = data.draw(st.sampled_from(given_out))
    place = data.draw(st.integers(0, len(cursor) - 1))
    changed = cursor[:place] + data.draw(st.characters(codec="ascii")) + cursor[place + 1 :]
    for viewer in VIEWERS:
        whole = await seen(reads, listed, viewer, None)
        behind = await seen(reads, listed, viewer, changed)
        assert behind is None or (whole is not None and set(behind) <= set(whole))


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.order)
async def test_a_cursor_of_one_who_sees_more_shows_nobody_more(reads: asyncpg.Pool, ask: Ask, listed: Listed) -> None:
    answer = await ask(listed.query(), SALFORDS)
    while "edges" not in answer:
        (answer,) = answer.values()
    assert answer["edges"]
    for edge in answer["edges"]:
        for viewer in (ANYONE, DEVONS):
            whole = await seen(reads, listed, viewer, None)
            behind = await seen(reads, listed, viewer, edge["cursor"])
            assert behind is None or (whole is not None and set(behind) <= set(whole))


async def test_a_forged_cursor_is_taken_where_it_says_a_place(reads: asyncpg.Pool) -> None:
    """So that the tests above are not about refusals only."""
    hidden = written(["paid_on_desc", "2021-04-30", SALFORD, "P2"])
    assert await seen(reads, LISTS[0], ANYONE, hidden) is not None
    assert await seen(reads, LISTS[0], ANYONE, written(["paid_on_desc", "2021-04-31", SALFORD, "P2"])) is None
    assert await seen(reads, LISTS[1], ANYONE, written(["value_desc", str(2**63 - 1), SALFORD, "C1"])) is not None
    assert await seen(reads, LISTS[1], ANYONE, written(["value_desc", str(2**63), SALFORD, "C1"])) is None
