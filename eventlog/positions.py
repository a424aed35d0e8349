"""How far is a read model? Per partition the next offset and the last relay number, beside its rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventlog.bulk_append import Connection
from eventlog.records import Record

Partition = tuple[str, int]
"""A topic's name and a partition's number."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of a read model: its rows lie in schema `<name>_<generation>`."""

    name: str
    generation: int
    version: int
    state: str

    @property
    def schema(self) -> str:
        """Where its tables lie."""
        return f"{self.name}_{self.generation}"


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a generation stands in one partition."""

    next_offset: int
    number: int


@dataclass(slots=True)
class Sifted:
    """What is to be done with the records of one partition, in this order."""

    ready: list[Record]
    """To be applied: contiguous numbers, and records without any in the place where they came."""
    ahead: dict[int, Record]
    """Records behind a gap; they wait until it is filled."""
    repeated: int
    reached: Reached


def sift(reached: Reached, records: Iterable[Record], limit: int | None = None) -> Sifted:
    """Sort out one partition's records by relay number; a number over the limit waits too.

    last + 1 is applied; at or below the last is a repetition, or a zombie's; above is a gap.
    """
    ready: list[Record] = []
    ahead: dict[int, Record] = {}
    repeated, number, offset = 0, reached.number, reached.next_offset
    for record in records:
        if record.offset is not None and record.offset >= offset:
            offset = record.offset + 1
        if record.number == number + 1 and (limit is None or number < limit):
            ready.append(record)
            number += 1
            while ahead and number + 1 in ahead and (limit is None or number < limit):
                number += 1
                ready.append(ahead.pop(number))
        elif record.number is None:
            ready.append(record)
        elif record.number <= number or record.number in ahead:
            repeated += 1
        else:
            ahead[record.number] = record
    waiting = [record.offset for record in ahead.values() if record.offset is not None]
    return Sifted(ready, ahead, repeated, Reached(min([offset, *waiting]), number))


async def lock_positions(
    conn: Connection, generation: Generation, partitions: Sequence[Partition]
) -> dict[Partition, Reached]:
    """Where we stand, with the rows locked: whoever else applies to these partitions waits."""
    rows = await conn.fetch(
        "SELECT topic, partition, next_offset, relay_number FROM projection.position"
        " WHERE name = $1 AND generation = $2 AND (topic, partition) IN"
        " (SELECT * FROM unnest($3::text[], $4::int[])) ORDER BY topic, partition FOR UPDATE",
        generation.name,
        generation.generation,
        [topic for topic, _ in partitions],
        [partition for _, partition in partitions],
    )
    return {(row[0], row[1]): Reached(row[2], row[3]) for row in rows}


async def store_positions(conn: Connection, generation: Generation, reached: Mapping[Partition, Reached]) -> None:
    """Move on, in the transaction of the rows."""
    await conn.execute(
        "UPDATE projection.position p SET next_offset = n.next_offset, relay_number = n.number,"
        " applied_at = clock_timestamp()"
        " FROM unnest($3::text[], $4::int[], $5::bigint[], $6::bigint[])"
        " AS n(topic, partition, next_offset, number)"
        " WHERE p.name = $1 AND p.generation = $2 AND p.topic = n.topic AND p.partition = n.partition",
        generation.name,
        generation.generation,
        [topic for topic, _ in reached],
        [partition for _, partition in reached],
        [place.next_offset for place in reached.values()],
        [place.number for place in reached.values()],
    )


async def assigned_positions(
    conn: Connection, generation: Generation, topic_ids: Mapping[str, str], partitions: Sequence[Partition]
) -> dict[Partition, Reached]:
    """Where to begin reading; in a topic that was made again at offset 0, with the same numbers."""
    await conn.execute(
        "INSERT INTO projection.position AS p"
        " (name, generation, topic, partition, topic_id, next_offset, relay_number)"
        " SELECT $1, $2, topic, partition, topic_id, 0, 0"
        " FROM unnest($3::text[], $4::int[], $5::text[]) AS given(topic, partition, topic_id)"
        " ORDER BY topic, partition"
        " ON CONFLICT (name, generation, topic, partition) DO UPDATE"
        " SET topic_id = excluded.topic_id, next_offset = 0 WHERE p.topic_id <> excluded.topic_id",
        generation.name,
        generation.generation,
        [topic for topic, _ in partitions],
        [partition for _, partition in partitions],
        [topic_ids[topic] for topic, _ in partitions],
    )
    return await lock_positions(conn, generation, partitions)


async def numbers_of(conn: Connection, generation: Generation) -> dict[Partition, int]:
    """The relay numbers a generation has reached."""
    rows = await conn.fetch(
        "SELECT topic, partition, relay_number FROM projection.position WHERE name = $1 AND generation = $2",
        generation.name,
        generation.generation,
    )
    return {(row[0], row[1]): row[2] for row in rows}
