"""Has this request been made before? A caller's key becomes the command's id."""

import re
from uuid import UUID, uuid5

from fastapi import Request

from doors.problems import BadRequest

NAMESPACE = UUID("6f1d2c8e-5c0b-5c55-9a3e-2f6f0f6f5a11")
FORM = re.compile(r"[\x21-\x7e]{1,200}")


def idempotency_key(request: Request) -> str:
    """The request's one Idempotency-Key. Raises BadRequest (400)."""
    keys = request.headers.getlist("idempotency-key")
    if len(keys) != 1 or not FORM.fullmatch(keys[0]):
        raise BadRequest(
            400,
            "idempotency-key",
            "One Idempotency-Key of 1 to 200 visible ASCII characters is needed.",
            field="Idempotency-Key",
            remedy="Send a fresh UUID with a new request, the same one when you repeat it.",
        )
    return keys[0]


def command_id(organisation: str, door: str, key: str) -> UUID:
    """The same key of the same organisation at the same door is the same command."""
    return uuid5(NAMESPACE, "\n".join((organisation, door, key)))
