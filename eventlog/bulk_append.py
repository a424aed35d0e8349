"""A bulk append: any number of facts by COPY, inside the caller's transaction."""

from collections.abc import Mapping, Sequence

import asyncpg

from eventlog.errors import ConcurrentWriteError

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy


async def append_in(
    conn: Connection, log_id: int, rows: Sequence[tuple[str, int, bytes]], first: Mapping[str, int]
) -> int:
    """Append inside the caller's transaction, by COPY. Raises ConcurrentWriteError."""
    later = [(stream, version) for stream, version in first.items() if version > 1]
    if later:
        orphan = await conn.fetchval(
            "SELECT stream FROM unnest($2::text[], $3::int[]) wanted(stream, version)"
            " WHERE NOT EXISTS (SELECT FROM eventlog.event e WHERE e.log_id = $1"
            " AND e.stream = wanted.stream AND e.version = wanted.version - 1) LIMIT 1",
            log_id,
            [stream for stream, _ in later],
            [version for _, version in later],
        )
        if orphan is not None:
            raise ConcurrentWriteError(orphan)
    append_id = int(await conn.fetchval("SELECT nextval('eventlog.append_id')"))
    try:
        await conn.copy_records_to_table(
            "event",
            schema_name="eventlog",
            columns=["append_id", "ordinal", "log_id", "stream", "version", "envelope"],
            records=[(append_id, i, log_id, *row) for i, row in enumerate(rows)],
        )
    except asyncpg.UniqueViolationError as error:
        raise ConcurrentWriteError("one of several, in a bulk append") from error
    await conn.execute(
        "INSERT INTO eventlog.pending (append_id, log_id, events) VALUES ($1, $2, $3)",
        append_id,
        log_id,
        len(rows),
    )
    return append_id
