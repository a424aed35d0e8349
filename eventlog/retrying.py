"""Parked records again, in order, once what was wrong with them has been mended."""

from collections.abc import Sequence
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


STILL = "UPDATE projection.parked SET attempts = attempts + 1, reason = $2 WHERE parked_id = $1"


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


@dataclass(frozen=True, slots=True)
class Retrying:
    """What a retry needs to know of a build."""

    projection: Projection
    generation: Generation
    reader: Reader
    fill: Fill | None

    async def run(self, pool: asyncpg.Pool) -> Retried:
        """Apply what is parked, stream by stream; a stream stops at the first that still fails."""
        done = Retried()
        name, generation = self.generation.name, self.generation.generation
        async with pool.acquire() as conn:
            streams = await conn.fetch(
                "SELECT topic, stream, min(partition) AS partition FROM projection.parked"
                " WHERE name = $1 AND generation = $2 GROUP BY topic, stream ORDER BY min(parked_id)",
                name,
                generation,
            )
            for topic, stream, partition in streams:
                async with conn.transaction():
                    await lock_positions(conn, self.generation, [(topic, partition)])
                    rows = await conn.fetch(PARKED, name, generation, topic, stream)
                    await self._stream(conn, rows, done)
        logger.info("parked_retried", projection=name, applied=done.applied, left=done.left)
        return done

    async def _stream(self, conn: Connection, rows: Sequence[Any], done: Retried) -> None:
        for place, row in enumerate(rows):
            try:
                recorded = await self._read(_record(row))
                if recorded is not None:
                    async with conn.transaction():
                        await self.projection.apply(conn, self.generation.schema, [recorded])
            except INFRASTRUCTURE:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it is written down with the record
                await conn.execute(STILL, row["parked_id"], because(error)[:500])
                done.left += len(rows) - place
                return
            if row["relay_number"] is None:
                done.not_of_the_log += 1
            elif recorded is not None:
                done.applied += 1
            await conn.execute("DELETE FROM projection.parked WHERE parked_id = $1", row["parked_id"])

    async def _read(self, record: Record) -> Recorded | None:
        """The fact; where the bytes are spoilt, from the log itself. Raises UnreadableFactError."""
        if record.number is None:
            return None
        try:
            return self.reader.read(record)
        except UnreadableFactError:
            true = await self._from_log(record)
            if true is None:
                raise
            return self.reader.read(true)

    async def _from_log(self, record: Record) -> Record | None:
        if self.fill is None:
            return None
        try:
            (true,) = await self.fill(record.topic, record.partition, record.number or 0, 1)
        except LossDetectedError:
            return None
        return true


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
