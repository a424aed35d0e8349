"""Rows and position in one transaction: how a generation of a read model takes its records in."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from eventlog import clock
from eventlog.bulk_append import Connection
from eventlog.errors import ConcurrentWriteError, LossDetectedError, UnreadableFactError
from eventlog.log import get_logger
from eventlog.parking import BEHIND, because, blocked_streams, park
from eventlog.positions import (
    Generation,
    Partition,
    Sifted,
    lock_positions,
    numbers_of,
    sift,
    store_positions,
)
from eventlog.projector import Projection, Reader, Recorded
from eventlog.records import Record

AHEAD = 20_000
"""Records of a partition that are kept in memory behind a gap; what is dropped comes from the feed."""

MEND_SECONDS = 60.0

Parts = dict[Partition, list[Record]]
Fill = Callable[[str, int, int, int], Awaitable[list[Record]]]
"""Topic, partition, first number, count → the records, from the service's own log."""

INFRASTRUCTURE = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.SyntaxOrAccessError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.InternalClientError,
    LossDetectedError,
    ConcurrentWriteError,
)
"""Failures of what we stand on, or of the read model's own tables: to be waited out, never parked."""

logger = get_logger()


class PoisonError(Exception):
    """Something among these records cannot be applied."""

    def __init__(self, ready: list[Record], cause: Exception) -> None:
        super().__init__(because(cause))
        self.ready = ready


@dataclass(slots=True)
class Told:
    """What an applier tells of itself."""

    applied: int = 0
    repeated: int = 0
    gaps: int = 0
    filled: int = 0
    parked: int = 0
    failures: int = 0
    last_error: str | None = None
    applied_at: datetime | None = None


class Applier:
    """Takes batches of one generation, in any split and with any repetition, and loses nothing."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        projection: Projection,
        generation: Generation,
        reader: Reader,
        fill: Fill | None = None,
        behind: Generation | None = None,
        told: Told | None = None,
    ) -> None:
        self._pool = pool
        self._projection = projection
        self._reader = reader
        self._fill = fill
        self._behind = behind
        """A generation that this one must not overtake, so that the two can be compared."""
        self._ahead: dict[Partition, dict[int, Record]] = {}
        self._gaps: dict[Partition, tuple[int, int]] = {}
        self._lock = asyncio.Lock()
        self.generation = generation
        self.told = told or Told()

    async def take(self, records: Iterable[Record]) -> None:
        """Apply, park or hold these records; returns when that is committed."""
        async with self._lock:
            await self._settle(_parted(records))

    async def mend(self) -> None:
        """Try again to fill the gaps behind which records are held, unless a batch does so."""
        if self._ahead and not self._lock.locked():
            async with self._lock:
                await asyncio.wait_for(self._settle({}), MEND_SECONDS)

    def lead(self, generation: Generation) -> None:
        """From now on this is the live build, and follows no other."""
        self.generation = generation
        self._behind = None

    def forget(self, partitions: Iterable[Partition]) -> None:
        """Drop what is held of partitions that will be read again from their position."""
        for partition in partitions:
            self._ahead.pop(partition, None)

    async def _settle(self, parts: Parts) -> None:
        while True:
            for partition, held in self._ahead.items():
                parts[partition] = [*held.values(), *parts.get(partition, ())]
            if not parts:
                return
            sifted = await self._persist(parts)
            self._ahead = {partition: _bounded(s.ahead) for partition, s in sifted.items() if s.ahead}
            if not self._ahead:
                return
            parts = await self._missing(sifted)
            if not parts and not self._only_limited(sifted):
                return

    def _only_limited(self, sifted: Mapping[Partition, Sifted]) -> bool:
        return any(s.reached.number + 1 in s.ahead for s in sifted.values())

    async def _missing(self, sifted: Mapping[Partition, Sifted]) -> Parts:
        """The first records missing in front of those that are held, if a feed has them."""
        found: Parts = {}
        gaps: dict[Partition, tuple[int, int]] = {}
        for place, part in sifted.items():
            if part.ahead and (until := min(part.ahead)) > part.reached.number + 1:
                gaps[place] = (part.reached.number + 1, until)
        if self._only_limited(sifted):  # not a gap: the generation before us is not so far yet
            await asyncio.sleep(0.05)
        self.told.gaps += sum(self._gaps.get(place) != gap for place, gap in gaps.items())
        self._gaps = gaps
        for (topic, partition), (first, until) in gaps.items():
            records = await self._filled(topic, partition, first, until - first)
            if records:
                found[topic, partition] = records
        return found

    async def _filled(self, topic: str, partition: int, first: int, count: int) -> list[Record]:
        where = f"{topic}/{partition} lacks {first} to {first + count - 1}"
        if self._fill is None:
            self.told.last_error = f"{where}, and no feed is given"
            return []
        try:
            records = await self._fill(topic, partition, first, min(count, 1_000))
        except (OSError, LossDetectedError) as error:
            self.told.last_error = f"{where}: {error}"[:300]
            logger.warning("gap_not_filled", projection=self.generation.name, reason=self.told.last_error)
            return []
        logger.warning("gap_filled", projection=self.generation.name, gap=where, records=len(records))
        self.told.filled += len(records)
        return records

    async def _persist(self, parts: Parts) -> dict[Partition, Sifted]:
        """Commit what can be; failures of the database are waited out."""
        attempt = 0
        while True:
            try:
                sifted = await self._applied(parts)
            except INFRASTRUCTURE as error:
                attempt += 1
                self.told.failures += 1
                self.told.last_error = f"{type(error).__name__}: {error}"[:300]
                logger.warning("projection_waits", projection=self.generation.name, reason=self.told.last_error)
                await asyncio.sleep(min(5.0, 0.05 * 2 ** min(attempt, 7)))
            else:
                self.told.last_error = None
                self.told.applied_at = clock.now()
                return sifted

    async def _applied(self, parts: Parts) -> dict[Partition, Sifted]:
        """One transaction, or, when something in it is poison, as few as it takes to find that."""
        while True:
            try:
                return await self._attempt(parts, None)
            except PoisonError as poison:
                if len(poison.ready) == 1:
                    return await self._attempt(parts, str(poison))
                first_half = poison.ready[: len(poison.ready) // 2]
            await self._applied(_parted(first_half))  # what it applies is dropped as repeated above

    async def _attempt(self, parts: Parts, condemned: str | None) -> dict[Partition, Sifted]:
        async with self._pool.acquire() as conn, conn.transaction():
            if self._behind:  # a build that is lost in a crash goes on from the position lost with it
                await conn.execute("SET LOCAL synchronous_commit = off")
            reached = await lock_positions(conn, self.generation, list(parts))
            if len(reached) != len(parts):
                raise LossDetectedError(f"{self.generation.schema} has no position in a partition")
            limits = await numbers_of(conn, self._behind) if self._behind else {}
            limited = self._behind is not None
            sifted = {
                partition: sift(reached[partition], records, limits.get(partition, 0) if limited else None)
                for partition, records in parts.items()
            }
            ready = [record for part in sifted.values() for record in part.ready]
            if ready:
                await self._write(conn, ready, condemned)
            await store_positions(conn, self.generation, {p: s.reached for p, s in sifted.items()})
        self.told.repeated += sum(part.repeated for part in sifted.values())
        return sifted

    async def _write(self, conn: Connection, ready: list[Record], condemned: str | None) -> None:
        batch, parked = self._read(ready, await blocked_streams(conn, self.generation), condemned)
        if parked:
            await park(conn, self.generation, parked)
        if batch:
            try:
                await self._projection.apply(conn, self.generation.schema, batch)
            except INFRASTRUCTURE:
                raise
            except Exception as error:
                raise PoisonError(ready, error) from error
        self.told.applied += len(batch)
        self.told.parked += len(parked)

    def _read(
        self, ready: Sequence[Record], blocked: set[tuple[str, str]], condemned: str | None
    ) -> tuple[list[Recorded], list[tuple[Record, str]]]:
        """What is to be applied, and what is to be parked, with the reason."""
        batch: list[Recorded] = []
        parked: list[tuple[Record, str]] = []
        for record in ready:
            try:
                recorded = self._reader.read(record)
            except UnreadableFactError as error:
                parked.append((record, because(error)))
                blocked.add((record.topic, record.stream))
                continue
            if recorded is None:
                continue
            if blocked and (record.topic, record.stream) in blocked:
                parked.append((record, BEHIND))
            elif condemned is not None:
                parked.append((record, condemned))
            else:
                batch.append(recorded)
        return batch, parked


def _parted(records: Iterable[Record]) -> Parts:
    parts: Parts = {}
    for record in records:
        parts.setdefault((record.topic, record.partition), []).append(record)
    return parts


def _bounded(ahead: dict[int, Record]) -> dict[int, Record]:
    if len(ahead) <= AHEAD:
        return ahead
    return {number: ahead[number] for number in sorted(ahead)[:AHEAD]}
