"""What a read model is made from, and what its author writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct

from eventlog.bulk_append import Connection
from eventlog.codec import Codec
from eventlog.envelope import Envelope, open_envelope
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


class Reader:
    """Makes of a record what one projection is to see of it."""

    def __init__(self, codec: Codec, projection: Projection) -> None:
        self._codec = codec
        self._subscribed = frozenset(fact.wire_name for fact in projection.facts)
        self._own = Codec(*projection.facts)
        self._wants_all = projection.wants_all
        self._others = frozenset() if self._wants_all else codec.endings_but(self._subscribed)

    def read(self, record: Record) -> Recorded | None:
        """The fact, or None for one that nobody here asked for. Raises UnreadableFactError."""
        value = record.value
        if value[value.rfind(b",") + 1 :] in self._others and record.index is not None and record.number is not None:
            return None  # without opening it: most records of a topic are others' to most read models
        envelope = open_envelope(record.value)
        kind = envelope.type
        if kind in self._subscribed:
            fact = self._own.decode(envelope)
        elif self._wants_all or self._codec.knows(kind):
            fact = None
        else:
            raise UnreadableFactError(f"unknown type {kind}")
        organisation, _, service = record.log.partition("/")
        if envelope.subject != record.stream or envelope.source != f"/organisations/{record.log}":
            raise UnreadableFactError("the record's key or log is not the envelope's")
        if record.index is None or record.number is None:
            raise UnreadableFactError("a record without index or relay number")
        if fact is None and not self._wants_all:
            return None
        return _recorded(envelope, organisation, service, record.index, fact, record.value)


def _recorded(
    envelope: Envelope, organisation: str, service: str, index: int, fact: Fact | None, value: bytes
) -> Recorded:
    return Recorded(
        organisation,
        service,
        index,
        envelope.subject,
        envelope.streamversion,
        envelope.id,
        envelope.type,
        datetime.fromisoformat(envelope.time),
        datetime.fromisoformat(envelope.recordedtime),
        fact,
        value,
    )
