"""Fact ↔ bytes: the only place where decoded JSON becomes a fact."""

from collections.abc import Collection
from types import ModuleType

import msgspec

from eventlog.envelope import Envelope
from eventlog.errors import UnreadableFactError
from schemas.fact import Fact


def facts_in(*modules: ModuleType) -> tuple[type[Fact], ...]:
    """Every fact that these modules of the published language declare."""
    return tuple(
        member
        for module in modules
        for member in vars(module).values()
        if isinstance(member, type) and issubclass(member, Fact) and member is not Fact
    )


class Codec:
    """Reads the facts it was made with; anything else is unreadable."""

    def __init__(self, *facts: type[Fact]) -> None:
        self._decoders = {fact.wire_name: msgspec.json.Decoder(fact) for fact in facts}

    def knows(self, wire_name: str) -> bool:
        """Whether a fact of this name can be read."""
        return wire_name in self._decoders

    @property
    def wire_names(self) -> Collection[str]:
        """The names of all facts that it reads."""
        return self._decoders.keys()

    def decode(self, envelope: Envelope) -> Fact:
        """The fact inside. Raises UnreadableFactError for an unknown type or data that do not fit."""
        decoder = self._decoders.get(envelope.type)
        if decoder is None:
            raise UnreadableFactError(f"unknown type {envelope.type}")
        try:
            return decoder.decode(envelope.data)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnreadableFactError(f"{envelope.type}: {error}") from error
