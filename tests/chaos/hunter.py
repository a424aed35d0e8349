"""A hunt for lost events: hostile writers against the log, and against a reader that trusts ids."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

import asyncpg

from eventlog.envelope import open_envelope
from eventlog.sequencer import Sequencer
from eventlog.store import Draft, EventLog
from tests.builders import NOON, SALFORD, actor, cause, payment_matched

WRITERS = 24
ROLLED_BACK = 0.2
LONGEST_DELAY = 0.03  # seconds


@dataclass
class Hunt:
    """What was committed, what the log gave out, and what a naive reader saw."""

    committed: set[tuple[str, int]] = field(default_factory=set)
    logged: list[tuple[int, str, int]] = field(default_factory=list)
    naive: set[tuple[str, int]] = field(default_factory=set)

    def missing(self) -> int:
        """Committed, and not in the log."""
        return len(self.committed - {(stream, version) for _, stream, version in self.logged})

    def extra(self) -> int:
        """In the log, and not committed, or there twice."""
        seen = Counter((stream, version) for _, stream, version in self.logged)
        return sum(n - (event in self.committed) for event, n in seen.items())

    def gapless(self) -> bool:
        """Every index from 0 on, once."""
        return [index for index, _, _ in self.logged] == list(range(len(self.logged)))

    def out_of_order(self) -> int:
        """Events that stand before an earlier one of their stream."""
        last: dict[str, int] = {}
        wrong = 0
        for _, stream, version in self.logged:
            wrong += version != last.get(stream, 0) + 1
            last[stream] = version
        return wrong

    def lost_by_naive_reader(self) -> int:
        """Committed, and passed over by a reader that asks for ids above the last it saw."""
        return len(self.committed - self.naive)


async def hunt(log: EventLog, url: str, foreign_url: str, seconds: float, seed: int) -> Hunt:
    """Let the writers loose for some seconds, wait for the log to settle, read it whole."""
    found = Hunt()
    stop = asyncio.Event()
    sequencer = asyncio.create_task(Sequencer(log).run())
    naive = asyncio.create_task(_read_by_id(url, found, stop))
    foreign = asyncio.create_task(_hold_a_transaction_open(foreign_url, stop))
    writers = [asyncio.create_task(_write(log, url, random.Random(seed + n), n, found, stop)) for n in range(WRITERS)]
    await asyncio.sleep(seconds)
    stop.set()
    await asyncio.gather(*writers, naive, foreign)
    await _settled(log)
    sequencer.cancel()
    await asyncio.gather(sequencer, return_exceptions=True)
    await _read_log(log, found)
    return found


async def _write(log: EventLog, url: str, chance: random.Random, number: int, found: Hunt, stop: asyncio.Event) -> None:
    """One writer: its own streams, some new, some continued, a fifth of all work rolled back."""
    versions: dict[str, int] = {}
    conn = await asyncpg.connect(url)
    while not stop.is_set():
        chosen = {f"payment/{number}-{chance.randrange(200)}" for _ in range(chance.randint(1, 3))}
        drafts = [
            Draft(stream=s, version=versions.get(s, 0) + 1, fact=payment_matched(), happened_at=NOON)
            for s in sorted(chosen)
        ]
        transaction = conn.transaction()
        await transaction.start()
        await asyncio.sleep(chance.random() * LONGEST_DELAY)
        await log.record(SALFORD, drafts, actor=actor(), cause=cause(), conn=conn)
        await asyncio.sleep(chance.random() * LONGEST_DELAY)
        if chance.random() < ROLLED_BACK:
            await transaction.rollback()
            continue
        await transaction.commit()
        for draft in drafts:
            versions[draft.stream] = draft.version
            found.committed.add((draft.stream, draft.version))
    await conn.close()


async def _hold_a_transaction_open(url: str, stop: asyncio.Event) -> None:
    conn = await asyncpg.connect(url)
    async with conn.transaction():
        await conn.execute("CREATE TEMP TABLE held (n int)")
        await conn.execute("INSERT INTO held VALUES (1)")
        await stop.wait()
    await conn.close()


async def _read_by_id(url: str, found: Hunt, stop: asyncio.Event) -> None:
    """The reader that everyone writes first: where id > the last one seen."""
    conn = await asyncpg.connect(url)
    last = 0
    while not stop.is_set():
        rows = await conn.fetch(
            "SELECT append_id, stream, version FROM eventlog.event WHERE append_id > $1 ORDER BY append_id",
            last,
        )
        for append_id, stream, version in rows:
            found.naive.add((stream, version))
            last = append_id
        await asyncio.sleep(0.005)
    await conn.close()


async def _settled(log: EventLog) -> None:
    async with asyncio.timeout(60):
        while await log.pool.fetchval("SELECT count(*) FROM eventlog.pending"):
            await asyncio.sleep(0.05)


async def _read_log(log: EventLog, found: Hunt) -> None:
    index = 0
    while page := await log.read(SALFORD, index, 5_000):
        for place, value in page:
            envelope = open_envelope(value)
            found.logged.append((place, envelope.subject, envelope.streamversion))
        index = page[-1][0] + 1
