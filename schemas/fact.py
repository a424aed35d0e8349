"""What makes a plain dataclass a fact: its name on the wire and its version."""

from typing import ClassVar


class Fact:
    """Something that happened, in the past tense and in the council's words.

    A subclass is a frozen, slotted, keyword-only dataclass in the module, or package, of the service that
    publishes it; `localpound.spend.PaymentRecorded.v1` follows from module, class and version.
    """

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, bool]] = {"use_attribute_docstrings": True}
    wire_name: ClassVar[str]
    schema_name: ClassVar[str]
    personal: ClassVar[frozenset[str]]

    def __init_subclass__(cls, *, version: int = 1, personal: tuple[str, ...] = ()) -> None:
        """Name the fact; `personal` lists the fields that may hold a living person's data."""
        if "schema_name" in cls.__dict__:  # slots=True makes the class again, without the arguments
            return
        package, _, within = cls.__module__.partition(".")
        service = within.partition(".")[0] if package == "schemas" else cls.__module__.rpartition(".")[2]
        cls.schema_name = f"{service}.{cls.__name__}.v{version}"
        cls.wire_name = f"localpound.{cls.schema_name}"
        cls.personal = frozenset(personal)
