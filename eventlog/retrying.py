"""Parked records again, in order, once what was wrong with them has been mended."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from eventlog.applying import INFRASTRUCTURE, Fill
from eventlog.bulk_append import Connection
from eventlog.errors import LossDetectedError, UnreadableFactError
from eventlog.log import get_logger
from eventlog.parking import because
from eventlog.positions import Generation, lock_positions
from eventlog.projector import Projection, Reader, Recorded
from eventlog.records import Record

logger = get_logger()

PARKED = """
    SELECT parked_id, topic, partition, record_offset, relay_number, stream, service, organisation,
        log_index, value
    FROM projection.parked WHERE name = $1 AND generation = $2 AND topic = $3 AND stream = $4
    ORDER BY relay_number NULLS FIRST, parked_id
"""


@dataclass(slots=True)
class Retried:
    """What a retry came to."""

    applied: int = 0
    left: int = 0
    not_of_the_log: int = 0
    """Records that no relay of ours had sent: the log's own records prove that nothing is missing."""


async def parked_streams(pool: asyncpg.Pool) -> list[dict[str, Any]]:
    """What is parked in the builds in use, the oldest first, without contents."""
    rows = await pool.fetch(
        "SELECT p.name, p.generation, p.topic, p.partition, p.record_offset, p.relay_number, p.stream,"
        " p.service, p.organisation, p.log_index, p.type, p.reason, p.parked_at, p.attempts"
        " FROM projection.parked p JOIN projection.generation g USING (name, generation)"
        " WHERE g.state <> 'old' ORDER BY parked_id"
    )
    return [dict(row) for row in rows]


async def retry_parked(
    pool: asyncpg.Pool, projection: Projection, generation: Generation, reader: Reader, fill: Fill | None
) -> Retried:
    """Apply what is parked, stream by stream; a stream stops at the first that still fails."""
    done = Retried()
    async with pool.acquire() as conn:
        streams = await conn.fetch(
            "SELECT topic, stream, min(partition) AS partition FROM projection.parked"
            " WHERE name = $1 AND generation = $2 GROUP BY topic, stream ORDER BY min(parked_id)",
            generation.name,
            generation.generation,
        )
        for topic, stream, partition in streams:
            async with conn.transaction():
                await lock_positions(conn, generation, [(topic, partition)])
                await _stream(conn, projection, generation, reader, fill, topic, stream, done)
    logger.info("parked_retried", projection=generation.name, applied=done.applied, left=done.left)
    return done


async def _stream(
    conn: Connection,
    projection: Projection,
    generation: Generation,
    reader: Reader,
    fill: Fill | None,
    topic: str,
    stream: str,
    done: Retried,
) -> None:
    rows = await conn.fetch(PARKED, generation.name, generation.generation, topic, stream)
    for place, row in enumerate(rows):
        try:
            recorded = await _read(_record(row), reader, fill)
            if recorded is not None:
                async with conn.transaction():
                    await projection.apply(conn, generation.schema, [recorded])
        except INFRASTRUCTURE:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is written down with the record
            await conn.execute(
                "UPDATE projection.parked SET attempts = attempts + 1, reason = $2 WHERE parked_id = $1",
                row["parked_id"],
                because(error)[:500],
            )
            done.left += len(rows) - place
            return
        if row["relay_number"] is None:
            done.not_of_the_log += 1
        elif recorded is not None:
            done.applied += 1
        await conn.execute("DELETE FROM projection.parked WHERE parked_id = $1", row["parked_id"])


def _record(row: Any) -> Record:
    return Record(
        row["topic"],
        row["partition"],
        row["record_offset"],
        row["stream"],
        f"{row['organisation']}/{row['service']}",
        row["log_index"],
        row["relay_number"],
        row["value"],
    )


async def _read(record: Record, reader: Reader, fill: Fill | None) -> Recorded | None:
    """The fact; where the bytes are spoilt, from the log itself. Raises UnreadableFactError."""
    if record.number is None:
        return None
    try:
        return reader.read(record)
    except UnreadableFactError:
        if fill is None:
            raise
        try:
            (true,) = await fill(record.topic, record.partition, record.number, 1)
        except LossDetectedError:
            pass
        else:
            return reader.read(true)
        raise
