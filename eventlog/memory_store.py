"""A log without a database, for tests of what stands above it; held to the same suite as PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from eventlog.envelope import Actor, Cause, Envelope, open_envelope
from eventlog.errors import ConcurrentWriteError
from eventlog.store import Draft, Position, first_versions, seal_all


class MemoryLog:
    """One service's own log, in memory; appends are sequenced at once."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._logs: defaultdict[str, list[bytes]] = defaultdict(list)
        self._streams: defaultdict[tuple[str, str], list[Envelope]] = defaultdict(list)
        self._appends: list[list[Position]] = []

    async def load(self, organisation: str, stream: str) -> list[Envelope]:
        """The stream's events from its first version on."""
        return list(self._streams[organisation, stream])

    async def versions(self, organisation: str, streams: Sequence[str]) -> dict[str, int]:
        """The last version of each stream that exists."""
        found = {stream: len(self._streams[organisation, stream]) for stream in streams}
        return {stream: version for stream, version in found.items() if version}

    async def record(self, organisation: str, drafts: Sequence[Draft], *, actor: Actor, cause: Cause) -> int:
        """Append facts and answer with the append's id. Raises ConcurrentWriteError."""
        for stream, version in first_versions(drafts).items():
            if version != len(self._streams[organisation, stream]) + 1:
                raise ConcurrentWriteError(stream)
        envelopes = seal_all(drafts, service=self.service, organisation=organisation, actor=actor, cause=cause)
        positions = []
        for draft, envelope in zip(drafts, envelopes, strict=True):
            positions.append(Position(organisation, self.service, len(self._logs[organisation])))
            self._logs[organisation].append(envelope)
            self._streams[organisation, draft.stream].append(open_envelope(envelope))
        self._appends.append(positions)
        return len(self._appends)

    async def positions(self, append_id: int, timeout: float) -> list[Position] | None:
        """Where the append's events stand: known at once, whatever the time-out."""
        del timeout
        known = 0 < append_id <= len(self._appends)
        return self._appends[append_id - 1] if known else None

    async def size(self, organisation: str) -> int:
        """How many events the organisation's log holds."""
        return len(self._logs[organisation])

    async def read(self, organisation: str, first: int, count: int) -> list[tuple[int, bytes]]:
        """Up to `count` events of a log from an index on, in log order."""
        return list(enumerate(self._logs[organisation]))[first : first + count]

    async def recorded_by(self, organisation: str, stream: str, command_id: UUID) -> int | None:
        """The append in which a command already wrote to a stream, if it did."""
        for append_id, positions in enumerate(self._appends, start=1):
            for position in positions:
                if position.organisation != organisation:
                    continue
                envelope = open_envelope(self._logs[organisation][position.index])
                if envelope.subject == stream and envelope.commandid == str(command_id):
                    return append_id
        return None
