"""GraphQL over HTTP: one door that takes JSON by POST, and says in its status what went wrong.

Follows the GraphQL-over-HTTP draft: `application/graphql-response+json` answers a request that was
not executed with 4xx; a caller that accepts `application/json` and not the former gets 200, as that
older media type asks. Callers that name neither get JSON and the honest status. Queries only.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import asyncpg
from fastapi import APIRouter, Request, Response
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult

from eventlog.credentials import NotAllowed, credential_of
from gateway import graphiql
from gateway.asking import Asking
from gateway.errors import formatted
from gateway.limits import too_much
from gateway.policy import Viewer, viewer_of
from gateway.schema import schema

LARGEST_BODY = 100_000
PATIENCE = 30.0
NEW = "application/graphql-response+json"
OLD = "application/json"
UNAUTHORISED = 401
_KEYS = frozenset({"query", "variables", "operationName", "extensions"})

Answer = tuple[int, Mapping[str, Any]]


class Unfit(Exception):
    """A request that is no GraphQL request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


router = APIRouter()
router.include_router(graphiql.router)


@router.post("/graphql", tags=["GraphQL"], summary="Ask the read models")
async def graphql(request: Request) -> Response:
    """Answer a query; `app.state.reads` is the pool on the read models."""
    media = OLD
    try:
        media = _media(request)
        asked = _asked(await _body(request))
        viewer = viewer_of(await credential_of(request))
    except Unfit as error:
        return _response(error.status, _refusal("BAD_REQUEST", str(error)), media)
    except NotAllowed as error:
        code = "UNAUTHENTICATED" if error.status == UNAUTHORISED else "UNAVAILABLE"
        return _response(error.status, _refusal(code, str(error)), media)
    status, answer = await execute(request.app.state.reads, viewer, asked)
    if media == OLD and "*/*" not in request.headers.get("accept", "*/*"):
        status = 200
    return _response(status, answer, media)


@router.api_route("/graphql", methods=["GET", "PUT", "PATCH", "DELETE"], include_in_schema=False)
async def only_post() -> Response:
    """Say how to ask."""
    answer = _response(405, _refusal("BAD_REQUEST", "Send a query by POST, as JSON."), OLD)
    answer.headers["Allow"] = "POST"
    return answer


def _media(request: Request) -> str:
    accept = request.headers.get("accept", "*/*")
    if NEW in accept:
        return NEW
    if any(known in accept for known in (OLD, "*/*", "application/*")):
        return OLD
    raise Unfit(406, f"Answers come as {NEW} or {OLD}.")


async def _body(request: Request) -> bytes:
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    if media.strip().lower() != OLD:
        raise Unfit(415, f"Send {OLD}.")
    charset = parameters.replace(" ", "").lower()
    if charset and charset != "charset=utf-8":
        raise Unfit(415, "Send UTF-8.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise Unfit(413, f"A request may have {LARGEST_BODY} bytes.")
    return bytes(body)


def _asked(body: bytes) -> dict[str, Any]:
    """Query, variables and operation name. Raises Unfit."""
    try:
        asked = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unfit(400, "The body is not JSON.") from None
    if not isinstance(asked, dict) or not set(asked) <= _KEYS:
        raise Unfit(400, "The body is an object with query, variables, operationName and extensions.")
    if not isinstance(asked.get("query"), str):
        raise Unfit(400, "The body names no query.")
    for name, kind in (("variables", dict), ("operationName", str), ("extensions", dict)):
        if not isinstance(asked.get(name), kind | None):
            raise Unfit(400, f"{name} is not what it should be.")
    return asked


def _no_number(name: str) -> float:
    raise ValueError(name)


async def execute(db: asyncpg.Pool, viewer: Viewer, asked: Mapping[str, Any]) -> Answer:
    """Answer a request: the status that says how it went, and what is sent."""
    try:
        async with asyncio.timeout(PATIENCE):
            result = await schema.execute(
                asked["query"],
                variable_values=asked.get("variables"),
                operation_name=asked.get("operationName"),
                context_value=Asking(db, viewer),
            )
    except TimeoutError:
        return 503, _refusal("TIMED_OUT", "The answer takes too long; ask for less at once.")
    except MissingQueryError:
        return 400, _refusal("BAD_REQUEST", "The body names no query.")
    except CannotGetOperationTypeError:
        return 400, _refusal("OPERATION_RESOLUTION_FAILURE", "Which operation is meant is not clear; name one.")
    except InvalidOperationTypeError:
        return 400, _refusal("GRAPHQL_VALIDATION_FAILED", "There are only queries here.")
    return _answer(result)


def _answer(result: ExecutionResult) -> Answer:
    errors = formatted(result.errors or ())
    if not errors:
        return 200, {"data": result.data}
    if result.data is None and not any("path" in error for error in errors):
        ours = any(error["extensions"].get("code") == "INTERNAL_SERVER_ERROR" for error in errors)
        return 500 if ours else 400, {"errors": errors}
    return 200, {"errors": errors, "data": result.data}


def _refusal(code: str, message: str) -> dict[str, Any]:
    error: GraphQLError = too_much(code, message)
    return {"errors": formatted([error])}


def _response(status: int, answer: Mapping[str, Any], media: str) -> Response:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Cache-Control": "private, no-store", "Vary": "Authorization, Accept"}
    return Response(body, status_code=status, media_type=f"{media}; charset=utf-8", headers=headers)
