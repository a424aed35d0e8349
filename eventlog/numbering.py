"""Which number has an event in its partition? The n-th event of the partition, in the service's order.

The order is that of (seq, ordinal), so the numbers can be found again from the log at any time: a
wiped topic is published again with the same numbers, and the n-th record of a partition is known.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import msgspec

from eventlog.bulk_append import Connection
from eventlog.kafka import partition_of
from eventlog.records import to_feed

PAGE = 5_000

EVENTS = """
    SELECT r.seq, e.ordinal, r.organisation, r.first_index + e.ordinal, e.stream, e.envelope
    FROM (SELECT seq, append_id, first_index, organisation
          FROM eventlog.run JOIN eventlog.log USING (log_id)
          WHERE seq >= $1 ORDER BY seq LIMIT $3 + 1) r
    CROSS JOIN LATERAL (SELECT ordinal, stream, envelope FROM eventlog.event
        WHERE append_id = r.append_id AND ordinal > CASE WHEN r.seq = $1 THEN $2 ELSE -1 END
        ORDER BY ordinal LIMIT $3) e
    ORDER BY r.seq, e.ordinal LIMIT $3
"""


class Numbered(msgspec.Struct, gc=False):
    """An event of the service's log, with its partition and its number there."""

    seq: int
    ordinal: int
    organisation: str
    index: int
    stream: str
    envelope: bytes
    partition: int
    number: int


@dataclass(slots=True)
class Place:
    """A place in the service's order, and how many events each partition has up to it."""

    seq: int
    ordinal: int
    numbers: list[int]

    def copy(self) -> "Place":
        """The same place, to count on from."""
        return Place(self.seq, self.ordinal, list(self.numbers))


def beginning(partitions: int) -> Place:
    """Before the first event."""
    return Place(0, -1, [0] * partitions)


async def number_page(conn: Connection, place: Place, count: int = PAGE) -> list[Numbered]:
    """The next events after a place, which moves on behind them."""
    numbers = place.numbers
    partitions = len(numbers)
    page = []
    for seq, ordinal, organisation, index, stream, envelope in await conn.fetch(
        EVENTS, place.seq, place.ordinal, count
    ):
        partition = partition_of(stream, partitions)
        numbers[partition] += 1
        page.append(Numbered(seq, ordinal, organisation, index, stream, envelope, partition, numbers[partition]))
    if page:
        place.seq, place.ordinal = page[-1].seq, page[-1].ordinal
    return page


async def stored_place(conn: Connection, partitions: int) -> Place:
    """Where the relay stood when it last wrote that down."""
    rows = await conn.fetch("SELECT partition, relay_number, seq, ordinal FROM eventlog.relay ORDER BY partition")
    if not rows or len(rows) != partitions:
        return beginning(partitions)
    return Place(rows[0]["seq"], rows[0]["ordinal"], [row["relay_number"] for row in rows])


async def store_place(conn: Connection, place: Place) -> None:
    """Write down how far the broker has acknowledged: one place for all partitions."""
    await conn.execute(
        "INSERT INTO eventlog.relay (partition, relay_number, seq, ordinal)"
        " SELECT partition - 1, number, $2, $3"
        " FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted(number, partition)"
        " ON CONFLICT (partition) DO UPDATE SET relay_number = excluded.relay_number,"
        " seq = excluded.seq, ordinal = excluded.ordinal",
        place.numbers,
        place.seq,
        place.ordinal,
    )


async def mark(conn: Connection, place: Place) -> None:
    """Leave a mark, so that a number near here is found without counting from the first event."""
    await conn.execute(
        "INSERT INTO eventlog.relay_mark (seq, ordinal, numbers) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        place.seq,
        place.ordinal,
        place.numbers,
    )


async def place_before(conn: Connection, numbers: Sequence[int | None], partitions: int) -> Place:
    """The last marked place at which no partition has more events than given; None: any number."""
    row = await conn.fetchrow(
        "SELECT seq, ordinal, numbers FROM eventlog.relay_mark m"
        " WHERE cardinality(numbers) = cardinality($1::bigint[]) AND NOT EXISTS"
        " (SELECT FROM unnest(m.numbers, $1::bigint[]) AS pair(marked, wanted) WHERE marked > wanted)"
        " ORDER BY seq DESC, ordinal DESC LIMIT 1",
        list(numbers),
    )
    return Place(row["seq"], row["ordinal"], list(row["numbers"])) if row else beginning(partitions)


async def events_from(conn: Connection, place: Place, partition: int, first: int) -> AsyncIterator[Numbered]:
    """A partition's events from a number on, counted from a place before it."""
    while page := await number_page(conn, place):
        for event in page:
            if event.partition == partition and event.number >= first:
                yield event


async def partition_events(
    conn: Connection, service: str, partition: int, first: int, count: int, partitions: int = 12
) -> list[dict[str, object]]:
    """Up to `count` records of one Kafka partition from a relay number on, as the feed gives them."""
    wanted: list[int | None] = [None] * partitions
    wanted[partition] = first - 1
    place = await place_before(conn, wanted, partitions)
    found: list[dict[str, object]] = []
    async for event in events_from(conn, place, partition, first):
        log = f"{event.organisation}/{service}"
        found.append(to_feed(event.stream, log, event.index, event.number, event.envelope))
        if len(found) >= count:
            break
    return found
