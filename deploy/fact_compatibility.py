"""A published fact is readable for ever: `python -m deploy.fact_compatibility`.

Every fact version has one golden envelope in schemas/examples, as it was first released, and one more for
each time that it grew: `…v1.json`, then `…v1+10.json` with a value in each of ten later fields. They are made
once (`--add` makes those that are missing and never touches one that is there) and must open, decode and seal
to the same bytes' data as long as the project lives.
"""

import sys
import types
import typing
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec

from deploy.generate_schemas import facts
from eventlog.codec import Codec
from eventlog.envelope import Actor, Cause, open_envelope, seal
from eventlog.errors import UnreadableFactError
from schemas.fact import Fact, later_fields

FOLDER = Path(__file__).parents[1] / "schemas" / "examples"
COMMAND = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
INSTANT = "2026-11-23T09:00:00.000000Z"


def example(fact: type[Fact], later: Collection[str] = ()) -> Fact:
    """A fact with a plain value in every field that it has always had, and in these later ones."""
    hints = typing.get_type_hints(fact)
    left_out = set(later_fields(fact)) - set(later)
    return fact(**{name: _value(name, hints[name]) for name in fact.__struct_fields__ if name not in left_out})


def _value(name: str, hint: object) -> object:
    options = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Literal:
        return options[0]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return _value(name, options[0])
    if typing.get_origin(hint) is tuple:
        return (_value(name, options[0]),)
    return {str: name, int: 12_345, bool: True, date: date(2021, 4, 1)}[typing.cast(type, hint)]


def golden(fact: type[Fact], later: Collection[str] = ()) -> bytes:
    """The envelope of the example, as it would be sealed today."""
    return seal(
        example(fact, later), service=fact.schema_name.split(".", maxsplit=1)[0], organisation="GB-LAE-SLF",
        stream="example/1", version=1, ordinal=0,
        actor=Actor(account="person/officer", person="officer", role="reader", organisation="GB-LAE-SLF"),
        cause=Cause(command_id=COMMAND, correlation_id=COMMAND), happened_at=INSTANT, recorded_at=INSTANT,
    )  # fmt: skip


def goldens(fact: type[Fact]) -> Mapping[Path, Collection[str]]:
    """Where a fact's golden envelopes are, and which later fields each has."""
    later = later_fields(fact)
    wanted = {FOLDER / f"{fact.schema_name}.json": (), FOLDER / f"{fact.schema_name}+{len(later)}.json": later}
    grown = {path: later[: int(path.stem.rpartition("+")[2])] for path in FOLDER.glob(f"{fact.schema_name}+*.json")}
    return grown | (wanted if later else {FOLDER / f"{fact.schema_name}.json": ()})


def objection(fact: type[Fact]) -> str | None:
    """Why a golden envelope of a fact can no longer be read; None when all can."""
    found = [_objection(fact, path, later) for path, later in goldens(fact).items()]
    return next((why for why in found if why), None)


def _objection(fact: type[Fact], path: Path, later: Collection[str]) -> str | None:
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
    same = open_envelope(golden(fact, later)).data == envelope.data
    return None if same and value.endswith(b"}") else "has changed"


def main() -> int:
    """Name every fact that has changed incompatibly."""
    if "--add" in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        for fact in facts():
            for path, later in goldens(fact).items():
                if not path.exists():
                    path.write_bytes(golden(fact, later))
    found = {fact.schema_name: objection(fact) for fact in facts()}
    sys.stdout.writelines(f"{name} {why}\n" for name, why in found.items() if why)
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
