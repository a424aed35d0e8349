"""What was sent? Bodies of a limited size, and JSON read more strictly than JSON asks for.

Duplicate names, fractions, exponents, NaN and Infinity are refused: two readers could understand
them differently. Money is a decimal string in pounds; see `doors.amounts`.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, Annotated, NoReturn, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from doors.problems import BadRequest

JSON_LIMIT = 1_048_576  # bytes


class Body(BaseModel):
    """A JSON body: no unknown fields, no value of another type made to fit."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"),
]
"""One line of text that says something."""

OrganisationId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z]{3}-[A-Za-z0-9]{1,40}$")]
"""An org-id, as GB-LAE-SLF."""

Sent = TypeVar("Sent", bound=BaseModel)


async def body_of(request: Request, limit: int) -> bytes:
    """The request's body. Raises BadRequest (413) beyond the limit, without reading on."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Spool:
    """A body that lies on disk."""

    file: IO[bytes]
    digest: str
    """SHA-256, in hexadecimal."""
    size: int


@asynccontextmanager
async def spooled(request: Request, limit: int) -> AsyncIterator[Spool]:
    """The request's body in a file of its own, which goes afterwards. Raises BadRequest (413) beyond the limit."""
    with TemporaryFile() as file:
        size, hashed = 0, sha256()
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise _too_large(limit)
            hashed.update(part)
            file.write(part)
        yield Spool(file, hashed.hexdigest(), size)


def _too_large(limit: int) -> BadRequest:
    return BadRequest(413, "too-large", f"The body is larger than {limit:,} bytes.", remedy="Send it in parts.")


async def json_of(request: Request, model: type[Sent], limit: int = JSON_LIMIT) -> Sent:
    """The JSON body as a model. Raises BadRequest (400, 413, 422) that names the field."""
    return read_json(await body_of(request, limit), model)


def read_json(raw: bytes, model: type[Sent]) -> Sent:
    """Strict JSON as a model. Raises BadRequest (400, 422) that names the field."""
    strictly_json(raw)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise _not_valid(error) from None


def strictly_json(raw: bytes) -> object:
    """JSON in which nothing can be understood in two ways. Raises BadRequest (400)."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except UnicodeDecodeError:
        raise BadRequest(400, "not-json", "The body is not UTF-8.") from None
    except RecursionError:
        raise BadRequest(400, "not-json", "The body is nested too deeply.") from None
    except ValueError as error:
        raise BadRequest(400, "not-json", f"The body is not JSON: {error}.") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise BadRequest(400, "duplicate-field", f"“{name}” is given twice.", field=name, remedy="Give it once.")
        found[name] = value
    return found


def _no_fraction(literal: str) -> NoReturn:
    raise BadRequest(
        400,
        "not-a-whole-number",
        f"{literal[:40]} is not a whole number.",
        remedy="Give money as a decimal string in pounds, quantities as whole numbers.",
    )


def _not_valid(error: ValidationError) -> BadRequest:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    match first["type"]:
        case "extra_forbidden":
            code, message = "unknown-field", f"“{field}” is not a field of this request."
        case "missing":
            code, message = "missing-field", f"“{field}” is missing."
        case _:
            code, message = "not-valid", f"{field or 'The body'}: {first['msg']}."
    return BadRequest(422, code, message, field=field or None)
