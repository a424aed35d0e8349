"""Writes schemas/json from the facts: `python -m deploy.generate_schemas` (`--check` only compares)."""

import json
import sys
from importlib import import_module
from pathlib import Path

from pydantic import TypeAdapter

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


def schema(fact: type[Fact]) -> bytes:
    """The JSON Schema (2020-12) of one fact, closed, as canonical JSON."""
    document = TypeAdapter(fact).json_schema()
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
