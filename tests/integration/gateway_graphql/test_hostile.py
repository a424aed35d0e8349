"""Hostile requests are refused with a code, and cost next to nothing."""

import gc
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from eventlog.credentials import Credential, unauthenticated
from gateway.graphql_http import LARGEST_BODY, router
from tests.builders import DEVON

DOOR = "/graphql"
LEVELS = 30
DEEP = "{ organisations { nodes { " + "summary { " * 150 + "total" + "}" * 150 + " } } }"
NESTED = "{ payments { nodes " + "{ supplier { payments { nodes " * LEVELS + "{ id }" + "} } }" * LEVELS + " } }"
SPREADS = "".join(
    f"fragment F{n} on Query {{ a: organisations {{ totals {{ count }} }} ...F{n + 1} ...F{n + 1} }}\n"
    for n in range(22)
)
DOUBLING = "{ ...F0 }\n" + SPREADS + "fragment F22 on Query { organisations { totals { count } } }"
INTROSPECTION = "{ __schema { types { " + "fields { type { " * 5 + "name" + "} }" * 5 + "} } }"

TYPE_REF = (
    "fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { name } } } } }"
)
WHOLE_SCHEMA = """__schema { types { kind name description fields { name description args { name description type { ...T }
    defaultValue } type { ...T } } inputFields { name description type { ...T } defaultValue } interfaces { ...T }
    enumValues { name description } possibleTypes { ...T } } directives { name locations args { name type { ...T } } } }"""

REFUSED = {
    "deep": (DEEP, "DEPTH_LIMIT"),
    "nested lists": (NESTED, "DEPTH_LIMIT"),
    "no end of braces": ("{" + "a{" * 700, "GRAPHQL_PARSE_FAILED"),
    "3000 levels": ("{" + "a{" * 3_000 + "}" * 3_001, "GRAPHQL_PARSE_FAILED"),
    "nested values": ("{ payments(where: " + "[" * 1_400 + ") { nodes { id } } }", "GRAPHQL_PARSE_FAILED"),
    "2000 aliases": ("{" + " ".join(f"a{n}: organisations {{ totals {{ count }} }}" for n in range(2_000)) + "}", "GRAPHQL_PARSE_FAILED"),
    "60 aliases": ("{" + " ".join(f"a{n}: payments {{ totals {{ count }} }}" for n in range(60)) + "}", "COST_LIMIT"),
    "4000 fields": ("{" + "organisations " * 4_000 + "}", "GRAPHQL_PARSE_FAILED"),
    "150 equal fields": ("{" + "payments{totals{count}}" * 150 + "}", "COST_LIMIT"),
    "5000 directives": ("{ organisations " + "@a " * 5_000 + "{ nodes { id } } }", "GRAPHQL_PARSE_FAILED"),
    "700 directives": ("{ organisations " + "@a " * 700 + "{ nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
    "doubling fragments": (DOUBLING, "COST_LIMIT"),
    "circular fragments": ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "GRAPHQL_VALIDATION_FAILED"),
    "unused circular fragments": ("{ __typename } fragment A on Query { ...A }", "GRAPHQL_VALIDATION_FAILED"),
    "first: 1000": ("{ payments(first: 1000) { nodes { supplier { payments(first: 1000) { nodes { id } } } } } }", "BAD_USER_INPUT"),
    "first: 0": ("{ payments(first: 0) { nodes { id } } }", "BAD_USER_INPUT"),
    "first: -1": ("{ payments(first: -1) { nodes { id } } }", "BAD_USER_INPUT"),
    "first: 2^31": ("{ payments(first: 2147483648) { nodes { id } } }", "BAD_USER_INPUT"),
    "first: a long number": ("{ payments(first: " + "9" * 5_000 + ") { nodes { id } } }", "BAD_USER_INPUT"),
    "first: null": ("{ payments(first: null) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
    "100 in 100 in 100": (
        "{ suppliers(first: 100) { nodes { payments(first: 100) { nodes { evidence(first: 100) { nodes { id } } } } } } }", "COST_LIMIT",
    ),
    "a hundred totals": ("{ suppliers(first: 100) { nodes { payments { totals { count } } } } }", "COST_LIMIT"),
    "deep introspection": (INTROSPECTION, "COST_LIMIT"),
    "introspection twelve times": ("{" + " ".join(f"a{n}: {WHOLE_SCHEMA}" for n in range(12)) + "}" + TYPE_REF, "COST_LIMIT"),
    "one field 180 times": ("{" + "organisations { nodes { id } }" * 180 + "}", "COST_LIMIT"),
    "one field in 60 fragments": (
        "{" + " ".join(f"...F{n}" for n in range(60)) + "}"
        + " ".join(f"fragment F{n} on Query {{ organisations {{ nodes {{ id name }} }} organisations {{ nodes {{ id }} }} }}" for n in range(60)),
        "COST_LIMIT",
    ),
    "no such field": ("{ paymnts { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
    "two operations, none named": ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
    "a mutation": ("mutation { pay }", "GRAPHQL_VALIDATION_FAILED"),
    "a subscription": ("subscription { paid }", "GRAPHQL_VALIDATION_FAILED"),
    "defer": ("{ ... @defer { __typename } }", "GRAPHQL_VALIDATION_FAILED"),
    "no operation": ("fragment A on Query { __typename }", "OPERATION_RESOLUTION_FAILURE"),
    "only a comment": ("#" + "x" * 90_000, "GRAPHQL_PARSE_FAILED"),
    "an order that is not allowed": ('{ payments(orderBy: "net; DROP TABLE") { nodes { id } } }', "GRAPHQL_VALIDATION_FAILED"),
    "a filter that is not allowed": ('{ payments(where: {known_to: "x"}) { nodes { id } } }', "GRAPHQL_VALIDATION_FAILED"),
    "a day that is none": ('{ payments(where: {paidFrom: "2021-02-31"}) { nodes { id } } }', "BAD_USER_INPUT"),
    "an instant without offset": ('{ payments(asKnownAt: "2021-02-01T00:00:00") { nodes { id } } }', "BAD_USER_INPUT"),
    "pence with an exponent": ("{ payments(where: {leastPence: 1e9}) { nodes { id } } }", "BAD_USER_INPUT"),
    "pence over 2^53": ('{ payments(where: {leastPence: "9007199254740993"}) { nodes { id } } }', "BAD_USER_INPUT"),
}  # fmt: skip

NULLED = {
    "a cursor of nonsense": '{ payments(after: "zzz") { nodes { id } } }',
    "an empty cursor": '{ payments(after: "") { nodes { id } } }',
    "a cursor of another list": '{ payments(after: "WyJ2YWx1ZV9kZXNjIiwiMSIsIkdCIiwiQyJd") { nodes { id } } }',
    "a cursor of no JSON": '{ payments(after: "' + "W" * 900 + '") { nodes { id } } }',
    "a long cursor": '{ payments(after: "' + "W" * 5_000 + '") { nodes { id } } }',
    "a cursor with another value": '{ payments(after: "WyJwYWlkX29uX2Rlc2MiLCIyMDIxIiwiR0IiLCJDIl0") { nodes { id } } }',
    "NUL in a text": '{ payments(where: {search: "\\u0000"}) { nodes { id } } }',
    "NUL in an organisation": '{ payments(where: {organisation: "\\u0000"}) { nodes { id } } }',
    "a long text": '{ payments(where: {search: "' + "x" * 201 + '"}) { nodes { id } } }',
    "an id of nothing": '{ node(id: "zzz") { id } }',
    "an id of another kind": '{ node(id: "Q2xhaW06eC95") { id } }',
    "NUL in an id": '{ event(id: "\\u0000") { id } }',
}


class OneToken:
    """Knows one token, of Devon's reader."""

    async def verify(self, token: str) -> Credential:
        if token != "devon":
            raise unauthenticated()
        return Credential("person/officer", "officer", DEVON, frozenset({"reader"}))


@pytest.fixture
async def door(reads: asyncpg.Pool) -> AsyncIterator[httpx.AsyncClient]:
    gc.collect()
    gc.freeze()  # as the gateway does once it has started; a collection is no part of a request
    app = FastAPI()
    app.include_router(router)
    app.state.reads, app.state.verifier = reads, OneToken()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        yield client


async def measured(door: httpx.AsyncClient, **request: Any) -> tuple[httpx.Response, float]:
    """An answer, and the milliseconds of processor time that it took."""
    began = time.process_time()
    answer = await door.post(DOOR, **request)
    return answer, (time.process_time() - began) * 1_000


@pytest.mark.parametrize("name", REFUSED)
async def test_is_refused_before_anything_is_asked(name: str, door: httpx.AsyncClient) -> None:
    query, code = REFUSED[name]
    answer, milliseconds = await measured(door, json={"query": query})
    told = answer.json()
    assert answer.status_code == 400, told
    assert {error["extensions"]["code"] for error in told["errors"]} == {code}
    assert "data" not in told
    assert "Did you mean" not in answer.text
    assert len(answer.content) < 10_000
    assert milliseconds <= 100, milliseconds


@pytest.mark.parametrize("name", NULLED)
async def test_is_refused_where_it_stands(name: str, door: httpx.AsyncClient) -> None:
    answer, milliseconds = await measured(door, json={"query": NULLED[name]})
    told = answer.json()
    assert [error["extensions"]["code"] for error in told["errors"]] == ["BAD_USER_INPUT"], told
    assert answer.status_code in (200, 400)
    assert milliseconds <= 100, milliseconds


async def test_half_a_character_in_a_variable_is_refused(door: httpx.AsyncClient) -> None:
    for query in (
        "query ($t: String) { payments(where: {period: $t}) { nodes { id } } }",
        "query ($t: ID!) { node(id: $t) { id } }",
        "query ($t: String) { payments(after: $t) { nodes { id } } }",
    ):
        body = json.dumps({"query": query, "variables": {"t": "\ud800"}})
        answer = await door.post(DOOR, content=body, headers={"content-type": "application/json"})
        assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": b"{}"}, 415),
        ({"content": b"{}", "headers": {"content-type": "text/plain"}}, 415),
        ({"data": {"query": "{ __typename }"}}, 415),
        ({"files": {"a": b"x"}}, 415),
        ({"content": b"{}", "headers": {"content-type": "application/json; charset=utf-16"}}, 415),
        ({"content": b"not json", "headers": {"content-type": "application/json"}}, 400),
        (
            {"content": b'{"query": "{a}", "variables": {"a": NaN}}', "headers": {"content-type": "application/json"}},
            400,
        ),
        ({"content": b"[" * 90_000, "headers": {"content-type": "application/json"}}, 400),
        ({"json": [{"query": "{ __typename }"}]}, 400),
        ({"json": [{"query": "{ __typename }"}] * 1_000}, 400),
        ({"json": {}}, 400),
        ({"json": {"query": ""}}, 400),
        ({"json": {"query": 7}}, 400),
        ({"json": {"query": "{ __typename }", "variables": []}}, 400),
        ({"json": {"query": "{ __typename }", "variables": "{}"}}, 400),
        ({"json": {"query": "{ __typename }", "operationName": 7}}, 400),
        ({"json": {"query": "{ __typename }", "operationName": "A"}}, 400),
        ({"json": {"query": "{ __typename }", "documentId": "sha256:0"}}, 400),
        ({"json": {"query": "{ __typename }", "extensions": []}}, 400),
        ({"json": {"query": "{ __typename }", "variables": {"a": "x" * LARGEST_BODY}}}, 413),
        ({"json": {"query": "{ __typename }"}, "headers": {"accept": "text/html"}}, 406),
        ({"json": {"query": "{ __typename }"}, "headers": {"authorization": "Bearer other"}}, 401),
        ({"json": {"query": "{ __typename }"}, "headers": {"authorization": "Basic ZGV2b24="}}, 401),
        ({"json": {"query": "{ __typename }"}, "headers": {"authorization": "Bearer " + "x" * 16_000}}, 401),
    ],
)
async def test_what_is_no_request_is_refused(request_: dict[str, Any], status: int, door: httpx.AsyncClient) -> None:
    answer, milliseconds = await measured(door, **request_)
    assert answer.status_code == status, answer.text
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] in {"BAD_REQUEST", "UNAUTHENTICATED", "OPERATION_RESOLUTION_FAILURE"}
    assert milliseconds <= 100


async def test_only_post_is_answered(door: httpx.AsyncClient) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await door.request(method, DOOR, params={"query": "{ __typename }"})
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_media_types_follow_what_the_caller_accepts(door: httpx.AsyncClient) -> None:
    good, bad = {"query": "{ __typename }"}, {"query": "{ nope }"}
    new, old = "application/graphql-response+json", "application/json"
    for accept, asked, status, media in (
        (new, good, 200, new), (new, bad, 400, new),
        (old, good, 200, old), (old, bad, 200, old),
        ("*/*", good, 200, old), ("*/*", bad, 400, old),
        (f"{old}, {new};q=0.9", bad, 400, new),
    ):  # fmt: skip
        answer = await door.post(DOOR, json=asked, headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (status, f"{media}; charset=utf-8")
        assert answer.headers["cache-control"] == "private, no-store"


async def test_a_key_opens_its_organisations_things_over_http(door: httpx.AsyncClient) -> None:
    query = {"query": "{ rejectedRows { nodes { organisation } } }"}
    told = (await door.post(DOOR, json=query, headers={"authorization": "Bearer devon"})).json()
    assert told == {"data": {"rejectedRows": {"nodes": [{"organisation": DEVON}]}}}


async def test_introspection_is_answered_whole(door: httpx.AsyncClient) -> None:
    from graphql import build_client_schema, get_introspection_query

    answer, milliseconds = await measured(door, json={"query": get_introspection_query(input_value_deprecation=True)})
    assert answer.status_code == 200
    assert "Payment" in build_client_schema(answer.json()["data"]).type_map
    assert milliseconds <= 300


async def test_our_own_faults_are_masked(door: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("the password is hunter2")

    door._transport.app.state.reads = Broken()  # type: ignore[attr-defined]
    answer = await door.post(DOOR, json={"query": '{ organisation(organisation: "x") { name } }'})
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert len(error["extensions"]["id"]) == 36
    assert "hunter2" not in json.dumps(answer.json())
