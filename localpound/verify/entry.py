"""Is one event what it claims to be? Its bytes alone decide: canonical, complete, of this log."""

import json
import re
from dataclasses import dataclass, field
from typing import NoReturn

from localpound.verify.tree import leaf

LARGEST_INTEGER = 2**53 - 1
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
NEEDED = (
    "actor", "actororganisation", "actorrole", "commandid", "correlationid", "datacontenttype",
    "dataschema", "id", "recordedtime", "schemadigest", "source", "specversion", "subject", "time", "type",
)  # fmt: skip
KNOWN = frozenset((*NEEDED, "actorperson", "causationid", "data", "streamversion"))


@dataclass(frozen=True, slots=True)
class Examined:
    """What is kept of an event once its bytes have been read."""

    leaf: bytes
    event_id: str = ""
    source: str = ""
    stream: str = ""
    version: int = 0
    type: str = ""
    schema_digest: str = ""
    faults: tuple[str, ...] = field(default=())
    """What is wrong with the bytes, in plain words; none when they are as they should be."""


class _NotCanonicalError(ValueError):
    """The bytes are no canonical JSON document."""


def examine(value: bytes) -> Examined:
    """Read one event; what is wrong with it is part of the answer, never an exception."""
    digest = leaf(value)
    try:
        document = _parse(value)
    except (ValueError, RecursionError) as error:
        return Examined(digest, faults=(f"cannot be read as JSON: {error}",))
    if not isinstance(document, dict):
        return Examined(digest, faults=("is no JSON object",))
    faults = tuple(_faults_of(document))
    if _canonical(document) != value:
        faults = ("is not written in canonical form", *faults)
    return Examined(
        digest,
        event_id=_text(document, "id"),
        source=_text(document, "source"),
        stream=_text(document, "subject"),
        version=_version(document),
        type=_text(document, "type"),
        schema_digest=_text(document, "schemadigest"),
        faults=faults,
    )


def _parse(value: bytes) -> object:
    return json.loads(
        value.decode("utf-8"),
        object_pairs_hook=_once,
        parse_float=_no_float,
        parse_constant=_no_float,
        parse_int=_small_integer,
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotCanonicalError("a key is written twice")
    return found


def _no_float(text: str) -> NoReturn:
    raise _NotCanonicalError(f"{text} is no integer")


def _small_integer(text: str) -> int:
    if len(text) > len(str(LARGEST_INTEGER)) + 1 or abs(int(text)) > LARGEST_INTEGER:
        raise _NotCanonicalError("an integer is too large")
    return int(text)


def _canonical(document: dict[str, object]) -> bytes | None:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return None


def _faults_of(document: dict[str, object]) -> list[str]:
    found = [f"has no {name}" for name in NEEDED if not _text(document, name)]
    found += [f"has an attribute {name} that is not known" for name in sorted(document.keys() - KNOWN)]
    if _text(document, "specversion") != "1.0":
        found.append("is no CloudEvents 1.0 envelope")
    if _version(document) < 1:
        found.append("has no stream version")
    if not isinstance(document.get("data"), dict):
        found.append("has no data")
    found += [
        f"has a {name} that is no instant"
        for name in ("time", "recordedtime")
        if not INSTANT.fullmatch(_text(document, name))
    ]
    return found


def _text(document: dict[str, object], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""


def _version(document: dict[str, object]) -> int:
    value = document.get("streamversion")
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
