"""What makes a class a fact: its fields, its name on the wire and its version."""

from typing import Any, ClassVar, dataclass_transform

import msgspec


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class _Declared(msgspec.StructMeta):
    """Every fact is frozen, named by keyword, and written without those of its later fields that have their default."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], version: int = 1, personal: tuple[str, ...] = ()
    ) -> Any:
        fact: Any = super().__new__(
            mcs, name, bases, body, frozen=True, kw_only=True, omit_defaults=True, gc=False
        )  # fmt: skip
        package, _, within = fact.__module__.partition(".")
        service = within.partition(".")[0] if package == "schemas" else fact.__module__.rpartition(".")[2]
        fact.schema_name = f"{service}.{name}.v{version}"
        fact.wire_name = f"localpound.{fact.schema_name}"
        fact.personal = frozenset(personal)
        return fact


class Fact(msgspec.Struct, metaclass=_Declared):
    """Something that happened, in the past tense and in the council's words.

    A subclass stands in the module, or package, of the service that publishes it;
    `localpound.spend.PaymentRecorded.v1` follows from module, class and version. `personal` lists the fields that
    may hold a living person's data. A field without a default has been there from the first; one that came later has
    a default, and is left out of the bytes while it has it: so what was recorded before it came reads the same, and
    is written to the same bytes, for ever.
    """

    wire_name: ClassVar[str]
    schema_name: ClassVar[str]
    personal: ClassVar[frozenset[str]]


def later_fields(fact: type[Fact]) -> tuple[str, ...]:
    """The fields that came after the fact's first release."""
    return tuple(field.name for field in msgspec.structs.fields(fact) if not field.required)
