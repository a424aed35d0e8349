"""What may be sent to a service's doors, and what do they answer? An OpenAPI 3.1 document, made from the doors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from eventlog.credentials import requires

SCHEMAS = "#/components/schemas/"
Document = dict[str, Any]

PROBLEM: Document = {
    "type": "object",
    "description": "Why a door says no. Nothing was recorded.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "Stable; programs may rely on it."},
                "message": {"type": "string", "description": "For a person; its wording may change."},
                "line": {"type": "integer", "description": "Of a body that is read line by line, from 1."},
                "field": {"type": "string", "description": "Which part of the request, as `1.supplier_name`."},
                "remedy": {"type": "string", "description": "What to do about it."},
            },
        }
    },
}
CREDENTIALS: Document = {
    "type": "oauth2",
    "description": "An account's key is exchanged at the gateway's `POST /token` for a token that lives ten minutes"
    " and acts for one organisation. The organisation is taken from it, never from a body.",
    "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}},
}
KEY: Document = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "A fresh one with a new request, the same one when it is repeated: the same key with the same body"
    " is answered alike and recorded once; with another body it is refused (`idempotency-key-used`).",
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,200}$", "examples": ["0198f6c2-5a7e-7d30-b3c4-b7d5a7f0c001"]},
}  # fmt: skip


def ref(model: type[BaseModel]) -> Document:
    """Where a body's schema stands; the model itself is given to `publish`."""
    return {"$ref": SCHEMAS + model.__name__}


def problem_example(code: str, message: str, **more: str | int) -> Document:
    """An error, as an example."""
    return {"value": {"error": {"code": code, "message": message, **more}}}


def publish(app: FastAPI, about: str, bodies: Sequence[type[BaseModel]] = ()) -> None:
    """Serve the document at `/openapi.json`; `bodies` are the models that doors refer to."""

    def document() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = document_of(app, about, bodies)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def document_of(app: FastAPI, about: str, bodies: Sequence[type[BaseModel]]) -> Document:
    """The doors that an application has now."""
    found = get_openapi(
        title=app.title, version=app.version, openapi_version="3.1.0", description=about, routes=app.routes
    )
    parts = found.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    schemas |= _schemas(bodies)
    schemas["Problem"] = PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    parts["securitySchemes"] = {"accessToken": CREDENTIALS}
    routes = [route for router in app.state.running.routers for route in router.routes]
    roles = {route.name: list(_roles(route.dependant)) for route in routes if isinstance(route, APIRoute)}
    for doors in found["paths"].values():
        for door in doors.values():
            _complete(door, roles[door["operationId"]])
    return found


def _roles(dependant: Dependant) -> Iterator[str]:
    if isinstance(dependant.call, requires):
        yield from dependant.call.roles
    for part in dependant.dependencies:
        yield from _roles(part)


def _schemas(bodies: Iterable[type[BaseModel]]) -> Document:
    _, definitions = models_json_schema([(body, "validation") for body in bodies], ref_template=SCHEMAS + "{model}")
    return dict(definitions.get("$defs", {}))


def _complete(door: Document, roles: Sequence[str]) -> None:
    """Say of a door who may, and how it says no; FastAPI's own form of an error is not ours."""
    answers = door["responses"]
    if "HTTPValidationError" in str(answers.get("422")):
        answers["422"] = problem("What was sent cannot be taken: the field is named.")
    if roles:
        door["security"] = [{"accessToken": []}]
        needed = " or ".join(f"`{role}`" for role in roles)
        door["description"] = "\n\n".join(filter(None, [door.get("description"), f"Needs the role {needed}."]))
        answers.setdefault("401", problem("There is no valid access token."))
        answers.setdefault("403", problem("The account does not hold the role for this organisation."))
    answers.setdefault("default", problem("Any other no."))


def problem(why: str, examples: Mapping[str, Document] | None = None) -> Document:
    """A response that says no."""
    content: Document = {"schema": {"$ref": SCHEMAS + "Problem"}}
    if examples:
        content["examples"] = dict(examples)
    return {"description": why, "content": {"application/json": content}}
