"""How a service keeps its facts: load a stream, append with an expected version, read the log.

An append writes its events and one `pending` entry in one transaction. It takes no lock: the
unique key (log, stream, version) lets one of two writers win, and an event is only written where
its predecessor is already visible, which is why a sequencer that sees version 2 has seen version 1.
Append ids are drawn after that check, in the same or a later snapshot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from msgspec import Struct

from eventlog import clock
from eventlog.bulk_append import Connection, append_in
from eventlog.envelope import Actor, Cause, Envelope, Sealing, instant, open_envelope
from eventlog.errors import ConcurrentWriteError
from eventlog.group_commit import GroupCommit, Waiting
from eventlog.signal import Signal
from schemas.fact import Fact

__all__ = ["Connection", "Draft", "EventLog", "Position", "append_in", "first_versions", "seal_all"]


class Draft(Struct, frozen=True, kw_only=True, gc=False):
    """A fact that is to be the given version (from 1) of its stream."""

    stream: str
    version: int
    fact: Fact
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a log: the index, gapless from 0, is the leaf's place in the tree."""

    organisation: str
    service: str
    index: int

    def __str__(self) -> str:
        return f"{self.organisation}/{self.service}/{self.index}"


def seal_all(drafts: Sequence[Draft], *, service: str, organisation: str, actor: Actor, cause: Cause) -> list[bytes]:
    """The envelopes of one append; all were learnt at the same instant."""
    sealing = Sealing(
        service=service, organisation=organisation, actor=actor, cause=cause, recorded_at=instant(clock.now())
    )
    times: dict[datetime, str] = {}
    return [
        sealing.seal(
            draft.fact,
            stream=draft.stream,
            version=draft.version,
            ordinal=ordinal,
            happened_at=times.get(draft.happened_at) or times.setdefault(draft.happened_at, instant(draft.happened_at)),
        )
        for ordinal, draft in enumerate(drafts)
    ]


def first_versions(drafts: Sequence[Draft]) -> dict[str, int]:
    """Per stream the first version an append brings; the versions after it must follow densely.

    Raises ConcurrentWriteError where they do not.
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for draft in drafts:
        if draft.version != last.get(draft.stream, draft.version - 1) + 1:
            raise ConcurrentWriteError(draft.stream)
        first.setdefault(draft.stream, draft.version)
        last[draft.stream] = draft.version
    return first


class EventLog:
    """One service's own log in PostgreSQL, one log per organisation."""

    def __init__(self, service: str, pool: asyncpg.Pool) -> None:
        self.service = service
        self.pool = pool
        self.appended = Signal()
        self.sequenced = Signal()
        self._log_ids: dict[str, int] = {}
        self._group = GroupCommit(pool, self.appended)

    async def load(self, organisation: str, stream: str, conn: Connection | None = None) -> list[Envelope]:
        """The stream's events from its first version on."""
        rows = await (conn or self.pool).fetch(
            "SELECT envelope FROM eventlog.event JOIN eventlog.log USING (log_id)"
            " WHERE organisation = $1 AND stream = $2 ORDER BY version",
            organisation,
            stream,
        )
        return [open_envelope(row[0]) for row in rows]

    async def load_many(
        self, organisation: str, streams: Sequence[str], conn: Connection | None = None
    ) -> Mapping[str, list[Envelope]]:
        """Several streams' events; a stream that has none is an empty list."""
        rows = await (conn or self.pool).fetch(
            "SELECT stream, envelope FROM unnest($2::text[]) wanted(stream)"
            " JOIN eventlog.event USING (stream) JOIN eventlog.log USING (log_id)"
            " WHERE organisation = $1 ORDER BY stream, version",
            organisation,
            list(set(streams)),
        )
        found: dict[str, list[Envelope]] = {stream: [] for stream in streams}
        for stream, envelope in rows:
            found[stream].append(open_envelope(envelope))
        return found

    async def versions(
        self, organisation: str, streams: Sequence[str], conn: Connection | None = None
    ) -> dict[str, int]:
        """The last version of each stream that exists."""
        rows = await (conn or self.pool).fetch(
            "SELECT wanted.stream, latest.version FROM unnest($2::text[]) wanted(stream)"
            " CROSS JOIN LATERAL (SELECT version FROM eventlog.event e WHERE e.stream = wanted.stream"
            " AND e.log_id = (SELECT log_id FROM eventlog.log WHERE organisation = $1)"
            " ORDER BY version DESC LIMIT 1) latest",
            organisation,
            list(streams),
        )
        return {row[0]: row[1] for row in rows}

    async def record(
        self,
        organisation: str,
        drafts: Sequence[Draft],
        *,
        actor: Actor,
        cause: Cause,
        conn: Connection | None = None,
    ) -> int:
        """Append facts to one organisation's log and answer with the append's id.

        With `conn`, inside the caller's transaction and set-based (the caller wakes the sequencer
        through `appended` once it has committed). Without, grouped with other callers' appends,
        none of which can make this one fail. Raises ConcurrentWriteError, OversizeFactError.
        """
        first = first_versions(drafts)
        envelopes = seal_all(drafts, service=self.service, organisation=organisation, actor=actor, cause=cause)
        log_id = await self.log_id(organisation, conn)
        rows = [(d.stream, d.version, e) for d, e in zip(drafts, envelopes, strict=True)]
        if conn is None:
            return await self._group.append(Waiting(log_id, first, rows))
        return await append_in(conn, log_id, rows, first)

    async def log_id(self, organisation: str, conn: Connection | None = None) -> int:
        """The number of an organisation's log, opened when it is first needed."""
        known = self._log_ids.get(organisation)
        if known is not None:
            return known
        target = conn or self.pool
        find = "SELECT log_id FROM eventlog.log WHERE organisation = $1"
        found = await target.fetchval(find, organisation)
        if found is None:
            await self.pool.execute(
                "INSERT INTO eventlog.log (organisation) VALUES ($1) ON CONFLICT DO NOTHING",
                organisation,
            )
            found = await self.pool.fetchval(find, organisation)
        self._log_ids[organisation] = found
        return int(found)

    async def positions(self, append_id: int, timeout: float) -> list[Position] | None:
        """Where the append's events stand; None when the sequencer has not come in time (seconds)."""
        waited = 0.0
        while True:
            seen = self.sequenced.count
            row = await self.pool.fetchrow(
                "SELECT organisation, first_index, events FROM eventlog.run"
                " JOIN eventlog.log USING (log_id) WHERE append_id = $1",
                append_id,
            )
            if row is not None:
                first = row["first_index"]
                return [
                    Position(row["organisation"], self.service, index) for index in range(first, first + row["events"])
                ]
            if waited >= timeout:
                return None
            waited += await self.sequenced.wait(seen, timeout=min(0.05, timeout - waited))

    async def size(self, organisation: str) -> int:
        """How many events the organisation's log holds."""
        found = await self.pool.fetchval(
            "SELECT size FROM eventlog.tree JOIN eventlog.log USING (log_id) WHERE organisation = $1",
            organisation,
        )
        return int(found or 0)

    async def read(self, organisation: str, first: int, count: int) -> list[tuple[int, bytes]]:
        """Up to `count` events of a log from an index on: (index, envelope), in log order."""
        envelopes: list[bytes] = []
        while len(envelopes) < count:
            page = await self._page(organisation, first + len(envelopes), min(PAGE, count - len(envelopes)))
            if not page:
                break
            envelopes += page
        return list(zip(range(first, first + len(envelopes)), envelopes, strict=True))

    async def _page(self, organisation: str, first: int, count: int) -> list[bytes]:
        """Events from an index on: of the one run that holds it, where that is long, else of several."""
        run = await self.pool.fetchrow(RUN_AT, organisation, first)
        if run is None:
            return []
        begin = first - run["first_index"]
        if run["events"] - begin >= min(count, LONG):
            rows = await self.pool.fetch(IN_RUN, run["append_id"], begin, begin + count)
        else:
            rows = await self.pool.fetch(ACROSS_RUNS, organisation, run["first_index"], first, count)
        return [row[0] for row in rows]

    async def recorded_by(self, organisation: str, stream: str, command_id: UUID) -> int | None:
        """The append in which a command already wrote to a stream, if it did."""
        row = await self.pool.fetchrow(
            "SELECT append_id FROM eventlog.event JOIN eventlog.log USING (log_id)"
            " WHERE organisation = $1 AND stream = $2"
            " AND convert_from(envelope, 'UTF8')::json ->> 'commandid' = $3",
            organisation,
            stream,
            str(command_id),
        )
        return None if row is None else int(row[0])


PAGE = 1_000
"""Events fetched at once: more of them leave the processor's cache on their way, and take half as long again."""

LONG = 500
"""Events from which on a run is read by itself, in the order of its index, without sorting."""

RUN_AT = """
    SELECT append_id, first_index, events FROM eventlog.run
    WHERE log_id = (SELECT log_id FROM eventlog.log WHERE organisation = $1) AND first_index <= $2
        AND first_index + events > $2
    ORDER BY first_index DESC LIMIT 1
"""

IN_RUN = """
    SELECT envelope FROM eventlog.event WHERE append_id = $1 AND ordinal >= $2 AND ordinal < $3 ORDER BY ordinal
"""

ACROSS_RUNS = """
    SELECT e.envelope FROM eventlog.run r
    JOIN eventlog.event e ON e.append_id = r.append_id
        AND e.ordinal >= greatest(0, $3 - r.first_index) AND e.ordinal < $3 + $4 - r.first_index
    WHERE r.log_id = (SELECT log_id FROM eventlog.log WHERE organisation = $1)
        AND r.first_index >= $2 AND r.first_index < $3 + $4
    ORDER BY r.first_index, e.ordinal
"""
