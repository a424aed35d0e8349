"""How many callers' single appends share one commit, without one caller's conflict failing another."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg

from eventlog.errors import ConcurrentWriteError
from eventlog.signal import Signal

LARGEST_GROUP = 256

APPEND = """
    WITH item AS (
        SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::int[], $6::bool[],
            $7::bytea[]) AS item(place, ordinal, log_id, stream, version, first, envelope)
    ), orphan AS MATERIALIZED (
        SELECT DISTINCT place FROM item
        WHERE first AND version > 1 AND NOT EXISTS (SELECT FROM eventlog.event e
            WHERE e.log_id = item.log_id AND e.stream = item.stream
            AND e.version = item.version - 1)
    ), number AS MATERIALIZED (
        SELECT place, nextval('eventlog.append_id') AS append_id
        FROM (SELECT DISTINCT place FROM item WHERE place NOT IN (SELECT place FROM orphan)
            ORDER BY place) placed
    ), stored AS (
        INSERT INTO eventlog.event (append_id, ordinal, log_id, stream, version, envelope)
        SELECT append_id, ordinal, log_id, stream, version, envelope FROM item JOIN number USING (place)
    ), noted AS (
        INSERT INTO eventlog.pending (append_id, log_id, events)
        SELECT append_id, min(log_id), count(*) FROM item JOIN number USING (place) GROUP BY append_id
    )
    SELECT place, append_id FROM number
"""


@dataclass(slots=True)
class Waiting:
    """One caller's append and the future that it waits on."""

    log_id: int
    first: Mapping[str, int]
    rows: Sequence[tuple[str, int, bytes]]
    done: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class GroupCommit:
    """Takes whatever waits, commits it in one statement, and takes what has gathered meanwhile."""

    def __init__(self, pool: asyncpg.Pool, appended: Signal) -> None:
        self._pool = pool
        self._appended = appended
        self._queue: deque[Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def append(self, waiting: Waiting) -> int:
        """Queue an append and wait for its commit. Raises ConcurrentWriteError."""
        self._queue.append(waiting)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return await waiting.done

    async def _drain(self) -> None:
        await asyncio.sleep(0)  # let callers of this turn of the loop join
        while self._queue:
            group = self._take()
            await self._commit(group)
            self._appended.ring()

    def _take(self) -> list[Waiting]:
        """As many as may go together: no two on the same stream."""
        group: list[Waiting] = []
        kept: list[Waiting] = []
        streams: set[tuple[int, str]] = set()
        while self._queue and len(group) < LARGEST_GROUP:
            waiting = self._queue.popleft()
            mine = {(waiting.log_id, stream) for stream in waiting.first}
            (kept if mine & streams else group).append(waiting)
            streams |= mine
        self._queue.extendleft(reversed(kept))
        return group

    async def _commit(self, group: list[Waiting]) -> None:
        try:
            await self._store(group)
        except asyncpg.UniqueViolationError:
            if len(group) == 1:
                _fail(group[0], ConcurrentWriteError(next(iter(group[0].first))))
                return
            for waiting in group:
                await self._commit([waiting])
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            for waiting in group:
                _fail(waiting, error)

    async def _store(self, group: list[Waiting]) -> None:
        columns = _columns(group)
        placed = {row[0]: row[1] for row in await self._pool.fetch(APPEND, *columns)}
        for place, waiting in enumerate(group):
            if place not in placed:
                _fail(waiting, ConcurrentWriteError(next(iter(waiting.first))))
            elif not waiting.done.done():
                waiting.done.set_result(placed[place])


def _fail(waiting: Waiting, error: BaseException) -> None:
    if not waiting.done.done():
        waiting.done.set_exception(error)


def _columns(group: list[Waiting]) -> tuple[list[object], ...]:
    items = [
        (place, ordinal, w.log_id, stream, version, w.first[stream] == version, envelope)
        for place, w in enumerate(group)
        for ordinal, (stream, version, envelope) in enumerate(w.rows)
    ]
    return tuple(list(column) for column in zip(*items, strict=True))
