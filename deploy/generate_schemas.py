"""Writes schemas/json from the facts: `python -m deploy.generate_schemas` (`--check` only compares)."""

import ast
import dataclasses
import inspect
import json
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated, get_type_hints

import msgspec
from pydantic import Field, TypeAdapter

from schemas.fact import Fact

PUBLISHERS = ("access", "contracts", "social_value", "spend")
FOLDER = Path(__file__).parents[1] / "schemas" / "json"


def facts() -> list[type[Fact]]:
    """Every published fact, by name."""
    modules = (import_module(f"schemas.{name}") for name in PUBLISHERS)
    found = {
        member
        for module in modules
        for member in vars(module).values()
        if isinstance(member, type) and issubclass(member, Fact) and member is not Fact
    }
    return sorted(found, key=lambda fact: fact.schema_name)


def _described(fact: type[Fact]) -> type:
    """The same as a dataclass, each field with the text below it, as pydantic wants it."""
    hints, told = get_type_hints(fact), _texts(fact)
    fields = [
        (field.name, Annotated[hints[field.name], Field(description=told.get(field.name))])
        + (() if field.required else (dataclasses.field(default=field.default),))
        for field in msgspec.structs.fields(fact)
    ]
    made = dataclasses.make_dataclass(fact.__name__, fields, kw_only=True)
    made.__doc__ = fact.__doc__
    return made


def _texts(fact: type[Fact]) -> dict[str, str]:
    """The text below each field in the fact's source, by the field's name."""
    (declared,) = ast.parse(inspect.getsource(fact)).body
    assert isinstance(declared, ast.ClassDef)
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(declared.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def schema(fact: type[Fact]) -> bytes:
    """The JSON Schema (2020-12) of one fact, closed, as canonical JSON."""
    document = TypeAdapter(_described(fact)).json_schema()
    document |= {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:localpound:schema:{fact.schema_name}",
        "additionalProperties": False,
        "personal": sorted(fact.personal),
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def main() -> int:
    """Write the files, or with --check name those that are not current."""
    FOLDER.mkdir(exist_ok=True)
    wanted = {f"{fact.schema_name}.json": schema(fact) for fact in facts()}
    present = {path.name: path.read_bytes() for path in FOLDER.glob("*.json")}
    if "--check" in sys.argv:
        stale = sorted(name for name in wanted | present if wanted.get(name) != present.get(name))
        sys.stdout.writelines(f"not current: schemas/json/{name}\n" for name in stale)
        return 1 if stale else 0
    for name, content in wanted.items():
        (FOLDER / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
