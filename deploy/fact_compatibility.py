"""A published fact is readable for ever: `python -m deploy.fact_compatibility`.

Every fact version has one golden envelope in schemas/examples. It is made once (`--add` makes those
that are missing and never touches one that is there) and must open, decode and seal to the same
bytes' data as long as the project lives.
"""

import dataclasses
import sys
import types
import typing
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec

from deploy.generate_schemas import facts
from eventlog.codec import Codec
from eventlog.envelope import Actor, Cause, open_envelope, seal
from eventlog.errors import UnreadableFactError
from schemas.fact import Fact

FOLDER = Path(__file__).parents[1] / "schemas" / "examples"
COMMAND = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
INSTANT = "2026-11-23T09:00:00.000000Z"


def example(fact: type[Fact]) -> Fact:
    """A fact with a plain value in every field."""
    hints = typing.get_type_hints(fact)
    return fact(**{f.name: _value(f.name, hints[f.name]) for f in dataclasses.fields(fact)})  # type: ignore[arg-type]


def _value(name: str, hint: object) -> object:
    options = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Literal:
        return options[0]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return _value(name, options[0])
    if typing.get_origin(hint) is tuple:
        return (name,)
    return {str: name, int: 12_345, bool: True, date: date(2021, 4, 1)}[typing.cast(type, hint)]


def golden(fact: type[Fact]) -> bytes:
    """The envelope of the example, as it would be sealed today."""
    return seal(
        example(fact), service=fact.schema_name.split(".", maxsplit=1)[0], organisation="GB-LAE-SLF",
        stream="example/1", version=1, ordinal=0,
        actor=Actor(account="person/officer", person="officer", role="reader", organisation="GB-LAE-SLF"),
        cause=Cause(command_id=COMMAND, correlation_id=COMMAND), happened_at=INSTANT, recorded_at=INSTANT,
    )  # fmt: skip


def objection(fact: type[Fact]) -> str | None:
    """Why the golden envelope of a fact can no longer be read; None when it can."""
    path = FOLDER / f"{fact.schema_name}.json"
    if not path.exists():
        return "has no golden envelope: run with --add"
    value = path.read_bytes()
    try:
        envelope = open_envelope(value)
        decoded = Codec(fact).decode(envelope)
    except UnreadableFactError as error:
        return str(error)
    if msgspec.json.encode(decoded, order="sorted") != bytes(envelope.data):
        return "does not give back the data that were stored"
    return None if open_envelope(golden(fact)).data == envelope.data and _ends(value) else "has changed"


def _ends(value: bytes) -> bool:
    return value.endswith(b"}")


def main() -> int:
    """Name every fact that has changed incompatibly."""
    if "--add" in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        for fact in facts():
            path = FOLDER / f"{fact.schema_name}.json"
            if not path.exists():
                path.write_bytes(golden(fact))
    found = {fact.schema_name: objection(fact) for fact in facts()}
    sys.stdout.writelines(f"{name} {why}\n" for name, why in found.items() if why)
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
