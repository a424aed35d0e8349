"""What a read model is made from, and what its author writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import msgspec
from msgspec import Struct

from eventlog.bulk_append import Connection
from eventlog.codec import Codec
from eventlog.envelope import Opened, ending_of, open_envelope
from eventlog.errors import UnreadableFactError
from eventlog.records import Record
from schemas.fact import Fact


class Recorded(Struct, frozen=True, gc=False):
    """A fact and the circumstances in which it was recorded."""

    organisation: str
    service: str
    index: int
    stream: str
    version: int
    event_id: str
    type: str
    happened_at: datetime
    recorded_at: datetime
    fact: Fact | None
    envelope: bytes


class Projection(Protocol):
    """A read model: which facts it wants, and what it makes of them."""

    @property
    def name(self) -> str:
        """Names its schemas, its consumer group and its positions."""

    @property
    def version(self) -> int:
        """Raised when its rows would come out differently: it is then built anew."""

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics it reads."""

    @property
    def facts(self) -> tuple[type[Fact], ...]:
        """The facts it subscribes to."""

    @property
    def wants_all(self) -> bool:
        """Whether other events of its topics are given to it too, without a fact."""

    async def create(self, conn: Connection, schema: str) -> None:
        """Make the tables of a fresh generation; idempotent."""

    async def apply(self, conn: Connection, schema: str, batch: Sequence[Recorded]) -> None:
        """Write what follows from a batch, in the transaction that also stores the position."""


@runtime_checkable
class FinishedLater(Protocol):
    """A projection with indexes that only readers need: made when a generation has caught up."""

    async def finish(self, conn: Connection, schema: str) -> None:
        """Make them; idempotent."""


Form = msgspec.json.Decoder[Opened[Any]]


class Reader:
    """Makes of a record what one projection is to see of it."""

    def __init__(self, codec: Codec, projection: Projection) -> None:
        asked = {fact.wire_name: fact for fact in projection.facts}
        self._rest = msgspec.json.Decoder(Opened[msgspec.Raw]) if projection.wants_all else None
        self._forms: dict[bytes, Form | None] = {ending_of(name): self._rest for name in codec.wire_names}
        self._forms |= {ending_of(name): msgspec.json.Decoder(Opened[fact]) for name, fact in asked.items()}  # type: ignore[valid-type]
        self._asked = asked.keys()

    def read(self, record: Record) -> Recorded | None:
        """The fact, or None for one that nobody here asked for. Raises UnreadableFactError."""
        value = record.value
        ending = value[value.rfind(b",") + 1 :]
        form = self._forms[ending] if ending in self._forms else self._form(value)
        if record.index is None or record.number is None:
            raise UnreadableFactError("a record without index or relay number")
        if form is None:  # without opening it: most records of a topic are others' to most read models
            return None
        try:
            opened = form.decode(value)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnreadableFactError(f"{ending.decode(errors='replace')[:80]} {error}") from error
        if opened.subject != record.stream or opened.source != f"/organisations/{record.log}":
            raise UnreadableFactError("the record's key or log is not the envelope's")
        organisation, _, service = record.log.partition("/")
        return Recorded(
            organisation, service, record.index, opened.subject, opened.streamversion, opened.id, opened.type,
            opened.time, opened.recordedtime, opened.data if opened.type in self._asked else None, value,
        )  # fmt: skip

    def _form(self, value: bytes) -> Form | None:
        """How an envelope is read that does not end as those of known facts do."""
        kind = open_envelope(value).type
        if self._rest is None and ending_of(kind) not in self._forms:
            raise UnreadableFactError(f"unknown type {kind}")
        return self._forms.get(ending_of(kind), self._rest)
