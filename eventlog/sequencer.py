"""Visible appends → gapless logs and their trees: one transaction per batch, one sequencer at a time."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from eventlog.log import get_logger
from eventlog.store import Connection, EventLog
from eventlog.tlog.tiles import HASH, extend
from eventlog.tlog.tree import Tree

BATCH = 2_000  # appends taken at a time
EVENTS = 50_000  # and no more events than this, unless one append alone has more
CHANNEL = "eventlog_sequenced"

logger = get_logger()

TAKE = """
    WITH waiting AS (
        SELECT append_id, sum(events) OVER (ORDER BY append_id) - events AS before
        FROM (SELECT append_id, events FROM eventlog.pending ORDER BY append_id LIMIT $1) oldest
    ), taken AS (
        DELETE FROM eventlog.pending p USING waiting w
        WHERE p.append_id = w.append_id AND (w.before < $2) RETURNING p.append_id, p.log_id, p.events
    )
    SELECT append_id, log_id, events,
        (SELECT string_agg(sha256('\\x00'::bytea || envelope), ''::bytea ORDER BY ordinal)
         FROM eventlog.event e WHERE e.append_id = taken.append_id) AS leaves
    FROM taken ORDER BY append_id
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """One append and the hashes of its leaves, computed by PostgreSQL over the stored bytes."""

    append_id: int
    log_id: int
    events: int
    leaves: bytes


async def sequence_batch(conn: Connection) -> int:
    """Give the oldest visible appends their places; how many events were placed.

    The row of `head` is the lock: a second sequencer waits for it, and two cannot give out a place.
    """
    async with conn.transaction():
        next_seq = await conn.fetchval("SELECT next_seq FROM eventlog.head FOR UPDATE")
        taken = [Taken(*row) for row in await conn.fetch(TAKE, BATCH, EVENTS)]
        if not taken:
            return 0
        by_log: defaultdict[int, list[Taken]] = defaultdict(list)
        for append in taken:
            by_log[append.log_id].append(append)
        first: dict[int, int] = {}
        for log_id, appends in by_log.items():
            first |= await _grow(conn, log_id, appends)
        await conn.copy_records_to_table(
            "run",
            schema_name="eventlog",
            columns=["seq", "log_id", "first_index", "append_id", "events"],
            records=[(next_seq + i, a.log_id, first[a.append_id], a.append_id, a.events) for i, a in enumerate(taken)],
        )
        await conn.execute("UPDATE eventlog.head SET next_seq = $1", next_seq + len(taken))
        await conn.execute(f"NOTIFY {CHANNEL}")
        return sum(append.events for append in taken)


async def _grow(conn: Connection, log_id: int, appends: Sequence[Taken]) -> dict[int, int]:
    """Add the appends' leaves to one log's tree; the first index of each append."""
    row = await conn.fetchrow("SELECT size, edge FROM eventlog.tree WHERE log_id = $1", log_id)
    tree = Tree(row["size"], tuple(row["edge"])) if row else Tree()
    first, index = {}, tree.size
    for append in appends:
        first[append.append_id] = index
        index += append.events
    joined = b"".join(append.leaves for append in appends)
    leaves = [joined[i : i + HASH] for i in range(0, len(joined), HASH)]
    assert len(leaves) == index - tree.size, "every event of an append has one leaf"
    await _write_tiles(conn, log_id, tree.size, leaves)
    grown = tree.grown(leaves)
    await conn.execute(
        "INSERT INTO eventlog.tree (log_id, size, root, edge) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (log_id) DO UPDATE SET size = $2, root = $3, edge = $4",
        log_id,
        grown.size,
        grown.root(),
        list(grown.edge),
    )
    return first


async def _write_tiles(conn: Connection, log_id: int, size: int, leaves: list[bytes]) -> None:
    rows = await conn.fetch(
        "SELECT DISTINCT ON (level) level, hashes FROM eventlog.tile WHERE log_id = $1 ORDER BY level, number DESC",
        log_id,
    )
    tiles = list(extend(size, leaves, {row["level"]: row["hashes"] for row in rows}))
    await conn.execute(
        "INSERT INTO eventlog.tile (log_id, level, number, hashes)"
        " SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])"
        " ON CONFLICT (log_id, level, number) DO UPDATE SET hashes = excluded.hashes",
        log_id,
        [level for level, _, _ in tiles],
        [number for _, number, _ in tiles],
        [hashes for _, _, hashes in tiles],
    )


class Sequencer:
    """Runs for as long as the service does; a lost connection is found again."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self.failures = 0

    async def run(self) -> None:
        """Sequence whatever is visible, for ever."""
        while True:
            seen = self._log.appended.count
            if not await self._step():
                await self._log.appended.wait(seen, timeout=0.05)

    async def _step(self) -> int:
        try:
            async with self._log.pool.acquire() as conn:
                placed = await sequence_batch(conn)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            self.failures += 1
            logger.warning("sequencer_waits", reason=type(error).__name__)
            await asyncio.sleep(min(5.0, 0.1 * 2 ** min(self.failures, 6)))
            return 0
        self.failures = 0
        if placed:
            self._log.sequenced.ring()
        return placed
