"""A batch in two lanes: while one lane waits for the database, the other reads its records.

Only for read models in which rows of different streams never meet: a lane is a set of partitions,
and a stream is in one partition.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from eventlog.applying import Applier, Told
from eventlog.positions import Generation, Partition
from eventlog.projector import Projection
from eventlog.records import Record

LANES = 2


@runtime_checkable
class StreamsApart(Protocol):
    """A projection that says whether rows of different streams never meet."""

    @property
    def streams_apart(self) -> bool:
        """Whether streams can be applied side by side."""


class Lanes:
    """The appliers of one generation."""

    def __init__(self, generation: Generation, projection: Projection, make: Callable[[Told], Applier]) -> None:
        apart = isinstance(projection, StreamsApart) and projection.streams_apart
        self.generation = generation
        self.told = Told()
        self._lanes = [make(self.told) for _ in range(LANES if apart else 1)]

    async def take(self, records: Iterable[Record]) -> None:
        """Apply, park or hold these records; returns when that is committed."""
        if len(self._lanes) == 1:
            await self._lanes[0].take(records)
            return
        parted: list[list[Record]] = [[] for _ in self._lanes]
        for record in records:
            parted[record.partition % len(parted)].append(record)
        taking = zip(self._lanes, parted, strict=True)
        await asyncio.gather(*(lane.take(part) for lane, part in taking if part))

    async def mend(self) -> None:
        """Try again to fill the gaps behind which records are held."""
        for lane in self._lanes:
            await lane.mend()

    def forget(self, partitions: Iterable[Partition]) -> None:
        """Drop what is held of partitions that will be read again from their position."""
        for lane in self._lanes:
            lane.forget(partitions)

    def lead(self, generation: Generation) -> None:
        """From now on this is the live build, and follows no other."""
        self.generation = generation
        for lane in self._lanes:
            lane.lead(generation)
