"""How is a fact written whose class has grown? A field that came later is left out while it has its default.

So the bytes of what was recorded before the field came are what they would be today, and every reader, which takes
a default where a field is missing, reads both. A field without a default has been there from the first.
"""

import dataclasses
from functools import cache
from typing import Any, get_type_hints

import msgspec

from schemas.fact import Fact


def written(fact: Fact) -> Any:
    """What stands for a fact in its envelope: the fact itself, or the same without its unused later fields."""
    struct = _without_defaults(type(fact))  # type: ignore[arg-type]  # a class is hashed by identity
    return fact if struct is None else msgspec.convert(fact, struct, from_attributes=True)


def later_fields(fact: type[Fact]) -> tuple[str, ...]:
    """The fields that came after the fact's first release: those with a default."""
    return tuple(f.name for f in dataclasses.fields(fact) if f.default is not dataclasses.MISSING)  # type: ignore[arg-type]


@cache
def _without_defaults(fact: type[Fact]) -> type[msgspec.Struct] | None:
    if not later_fields(fact):
        return None
    hints = get_type_hints(fact)
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = [
        (f.name, hints[f.name]) if f.default is dataclasses.MISSING else (f.name, hints[f.name], f.default)
        for f in dataclasses.fields(fact)  # type: ignore[arg-type]
    ]
    return msgspec.defstruct(fact.__name__, fields, omit_defaults=True, frozen=True, kw_only=True, gc=False)
