"""What deciders' callers need of a log: the same in PostgreSQL and in memory."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from eventlog.envelope import Actor, Cause, Envelope

if TYPE_CHECKING:
    from eventlog.store import Draft, Position


class Log(Protocol):
    """A service's own log."""

    service: str

    async def load(self, organisation: str, stream: str) -> list[Envelope]:
        """The stream's events from its first version on."""

    async def versions(self, organisation: str, streams: Sequence[str]) -> dict[str, int]:
        """The last version of each stream that exists."""

    async def record(self, organisation: str, drafts: "Sequence[Draft]", *, actor: Actor, cause: Cause) -> int:
        """Append facts; the append's id. Raises ConcurrentWriteError."""

    async def positions(self, append_id: int, timeout: float) -> "list[Position] | None":
        """Where the append's events stand, once they have been sequenced."""

    async def size(self, organisation: str) -> int:
        """How many events the organisation's log holds."""

    async def read(self, organisation: str, first: int, count: int) -> list[tuple[int, bytes]]:
        """Up to `count` events of a log from an index on, in log order."""

    async def recorded_by(self, organisation: str, stream: str, command_id: UUID) -> int | None:
        """The append in which a command already wrote to a stream, if it did."""
