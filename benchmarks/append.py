"""Append: single facts against `eventsourcing`'s recorders, a file's bulk against raw COPY; reading in order."""

import asyncio
import threading
from collections.abc import Callable
from urllib.parse import urlparse
from uuid import uuid4

import asyncpg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from benchmarks.results import ROUNDS, Results, median, rate
from eventlog.sequencer import Sequencer, sequence_batch
from eventlog.store import Draft, EventLog, append_in, seal_all
from localpound.stack.testing import Servers
from tests.builders import NOON, SALFORD, actor, cause, payment_recorded

SINGLES = 3_000
BULK = 50_000
BATCH = 10_000


def drafts(count: int) -> list[Draft]:
    """Payments, each a stream of its own."""
    tag = uuid4().hex
    return [
        Draft(stream=f"payment/{tag}{i}", version=1, fact=payment_recorded(payment_id=f"{tag}{i}"), happened_at=NOON)
        for i in range(count)
    ]


def envelopes(count: int) -> list[tuple[str, int, bytes]]:
    """The same, sealed: what is in memory before a bulk append begins."""
    made = drafts(count)
    sealed = seal_all(made, service="spend", organisation=SALFORD, actor=actor(), cause=cause())
    return [(draft.stream, 1, envelope) for draft, envelope in zip(made, sealed, strict=True)]


async def singles(log: EventLog, callers: int) -> float:
    """Appends a second, one fact each, by so many callers at once, with the sequencer running."""
    ready = iter(drafts(SINGLES))

    async def caller() -> None:
        for draft in ready:
            await log.record(SALFORD, [draft], actor=actor(), cause=cause())

    sequencer = asyncio.create_task(Sequencer(log).run())
    found = await rate(SINGLES, lambda: asyncio.gather(*[caller() for _ in range(callers)]))
    sequencer.cancel()
    await asyncio.gather(sequencer, return_exceptions=True)
    while await log.pool.fetchval("SELECT count(*) FROM eventlog.pending"):
        async with log.pool.acquire() as conn:
            await sequence_batch(conn)
    return found


def recorder(url: str, *, functions: bool, workers: int) -> PostgresApplicationRecorder:
    """The peer's recorder: its default, which locks the table, or its functions, which lose events."""
    parts = urlparse(url)
    store = PostgresDatastore(
        dbname=parts.path[1:], host=parts.hostname or "", port=str(parts.port), user=parts.username or "",
        password=parts.password or "", pool_size=min(workers, 40), originator_id_type="text",
        enable_db_functions=functions,
    )  # fmt: skip
    made = PostgresApplicationRecorder(store, events_table_name=f"peer_{int(functions)}")
    made.create_table()
    return made


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run `work` in so many threads and wait for all."""
    running = [threading.Thread(target=work, args=(n,)) for n in range(count)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


async def peer(url: str, payloads: list[bytes], *, size: int, threads: int, functions: bool = False) -> float:
    """Events a second into the peer, in calls of `size` events."""
    target = recorder(url, functions=functions, workers=threads)

    def work(number: int) -> None:
        for first in range(number * size, len(payloads), size * threads):
            tag = uuid4().hex
            part = payloads[first : first + size]
            target.insert_events([StoredEvent(tag, i, "PaymentRecorded", p) for i, p in enumerate(part, start=1)])

    async def run() -> None:
        await asyncio.to_thread(in_threads, threads, work)

    found = await rate(len(payloads), run)
    target.datastore.close()
    return found


async def bare_copy(conn: asyncpg.Connection, rows: list[tuple[str, int, bytes]]) -> float:
    """Rows a second by raw COPY of the same bytes into a table without an index."""
    await conn.execute("DROP TABLE IF EXISTS bare")
    await conn.execute("CREATE TABLE bare (stream text, version int, envelope bytea)")
    await conn.execute("ALTER TABLE bare ALTER COLUMN envelope SET STORAGE EXTERNAL")

    async def run() -> None:
        for first in range(0, len(rows), BATCH):
            await conn.copy_records_to_table("bare", records=rows[first : first + BATCH])

    return await rate(len(rows), run)


async def bulk(log: EventLog, rows: list[tuple[str, int, bytes]]) -> float:
    """Events a second from envelopes in memory to sequenced and hashed, in one transaction a batch."""
    log_id = await log.log_id(SALFORD)

    async def run() -> None:
        async with log.pool.acquire() as conn:
            for first in range(0, len(rows), BATCH):
                part = rows[first : first + BATCH]
                async with conn.transaction():
                    await append_in(conn, log_id, part, dict.fromkeys((stream for stream, _, _ in part), 1))
                await sequence_batch(conn)

    return await rate(len(rows), run)


async def reading(log: EventLog, conn: asyncpg.Connection) -> tuple[float, float]:
    """Events a second read in log order, and by COPY TO of the same rows."""
    size = await log.size(SALFORD)

    async def in_order() -> None:
        index = 0
        while page := await log.read(SALFORD, index, 5_000):
            index = page[-1][0] + 1

    async def discard(_data: bytes) -> None:
        return

    async def copied() -> None:
        await conn.copy_from_query("SELECT envelope FROM eventlog.event", output=discard, format="binary")

    return await rate(size, in_order), await rate(size, copied)


async def run(servers: Servers, results: Results) -> None:
    """Every figure of appending and reading, in interleaved rounds."""
    url = servers.superuser_url("spend")
    rows = envelopes(BULK)
    payloads = [envelope for _, _, envelope in rows]
    conn = await asyncpg.connect(url)
    async with asyncpg.create_pool(servers.url("spend", "spend"), min_size=4, max_size=8) as pool:
        log = EventLog("spend", pool)
        ours: dict[int, list[float]] = {8: [], 64: []}
        default, functions, copies, bulks, batches, reads, outs = ([] for _ in range(7))
        for _ in range(ROUNDS):
            for callers, found in ours.items():
                found.append(await singles(log, callers))
            default.append(await peer(url, payloads[:SINGLES], size=1, threads=8))
            functions.append(await peer(url, payloads[:SINGLES], size=1, threads=8, functions=True))
            await conn.execute("TRUNCATE eventlog.event, eventlog.run, eventlog.tree, eventlog.tile, eventlog.pending")
            copies.append(await bare_copy(conn, rows))
            bulks.append(await bulk(log, rows))
            batches.append(await peer(url, payloads[:20_000], size=1_000, threads=1))
            in_order, copied = await reading(log, conn)
            reads.append(in_order)
            outs.append(copied)
    for callers, least in ((8, 5.0), (64, 10.0)):
        results.compare(
            f"single appends, {callers} callers, sequencer running", median(ours[callers]), "events/s",
            against=("eventsourcing's default recorder, 8 threads", median(default)), at_least=least,
        )  # fmt: skip
    results.compare(
        "single appends, 8 callers, beside the function variant", median(ours[8]), "events/s",
        against=("eventsourcing's functions (lose events), 8 threads", median(functions)), at_least=None,
    )  # fmt: skip
    results.compare(
        "bulk append, sequenced and hashed", median(bulks), "events/s",
        against=("raw COPY into a bare table", median(copies)), at_least=0.15, aim=" (aim 0.3)",
    )  # fmt: skip
    results.compare(
        "bulk append, beside batches of the peer", median(bulks), "events/s",
        against=("eventsourcing in batches of 1,000", median(batches)), at_least=2.0, aim=" (aim 4)",
    )  # fmt: skip
    results.compare(
        "reading the log in order", median(reads), "events/s",
        against=("COPY TO of the same rows", median(outs)), at_least=0.5, aim=" (aim 0.75)",
    )  # fmt: skip
    await conn.close()
