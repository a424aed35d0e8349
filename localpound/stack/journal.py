"""The journal: every change PostgreSQL acknowledges, also written outside its own folder.

From the first `localpound backup` on, PostgreSQL's `pg_receivewal` keeps a second copy of the write-ahead log, and
PostgreSQL acknowledges a commit only when that copy is on disk too (`synchronous_standby_names`). A backup and the
journal after it bring back every acknowledged event when the database is lost. While the journal cannot be written,
nothing is acknowledged.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from tenacity import retry, retry_if_result, stop_after_delay, wait_fixed

from localpound.stack import postgres
from localpound.stack.children import Child
from localpound.stack.home import Home

NAME = "journal"
ROLE = SLOT = STANDBY = "localpound_journal"
SEGMENT_BYTES = 16 * 2**20
PAGE_BYTES = 8 * 2**10

_SEGMENT = re.compile(r"(?P<timeline>[0-9A-F]{8})(?P<high>[0-9A-F]{8})(?P<low>[0-9A-F]{8})(?P<partial>\.partial)?")


@dataclass(frozen=True, slots=True)
class Segment:
    """16 MB of the write-ahead log; the newest one is still being filled."""

    path: Path
    number: int

    @property
    def name(self) -> str:
        """As PostgreSQL calls it in its own folder."""
        return self.path.name.removesuffix(".partial")

    @property
    def begins(self) -> int:
        """Position in the write-ahead log, in bytes."""
        return self.number * SEGMENT_BYTES

    def ends(self) -> int:
        """The position after the last page that something was written to."""
        content = self.path.read_bytes()
        empty = bytes(PAGE_BYTES)
        for start in range(len(content) - PAGE_BYTES, -1, -PAGE_BYTES):
            if content[start : start + PAGE_BYTES] != empty:
                return self.begins + start + PAGE_BYTES
        return self.begins


def segments(folder: Path) -> list[Segment]:
    """What a journal holds, oldest first."""
    found: dict[int, Segment] = {}
    for path in sorted(folder.glob("*"), reverse=True):  # a finished segment comes after its partial one and wins
        match = _SEGMENT.fullmatch(path.name)
        if match:
            number = int(match["high"], 16) * (2**32 // SEGMENT_BYTES) + int(match["low"], 16)
            found[number] = Segment(path, number)
    return [found[number] for number in sorted(found)]


def position(text: str) -> int:
    """PostgreSQL's `1/A0000028` in bytes."""
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def folder(home: Home) -> Path | None:
    """Where this stack's journal is kept; None before its first backup."""
    path = home.read("journal.json").get("folder")
    return Path(path) if path else None


def child(home: Home) -> Child:
    """The process that writes it. It ends with PostgreSQL, and is started again with it."""
    where = folder(home)
    assert where is not None
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    arguments = ["--directory", str(where), "--slot", SLOT, "--synchronous", "--no-loop", "--no-password"]
    return Child(
        NAME,
        [str(postgres.binaries() / "pg_receivewal"), *arguments, "--dbname", f"application_name={STANDBY}"],
        environment(home),
        prepare=lambda: clear_unwritten(where),
    )


def clear_unwritten(where: Path) -> None:
    """Empty the newest segment if whoever wrote it was killed while still making room for it.

    `pg_receivewal` fills a new segment with zeroes before it writes to it, and refuses for ever to go on with one whose
    room was made in part ("has … bytes, should be 0 or 16777216"); one of no bytes it makes anew. One that holds
    anything but zeroes is left as it is.
    """
    for path in where.glob("*.partial"):
        if path.stat().st_size < SEGMENT_BYTES and not any(path.read_bytes()):
            path.write_bytes(b"")


def environment(home: Home) -> dict[str, str]:
    """How PostgreSQL's programs sign in as the journal's role: it may replicate and nothing else."""
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(home.port("postgres")),
        "PGUSER": ROLE,
        "PGPASSWORD": home.secret("postgres-journal"),
        "PATH": os.environ.get("PATH", ""),
    }


def begin(home: Home, where: Path) -> None:
    """From now on this stack has a journal, in a folder; whoever keeps the stack up starts it."""
    asyncio.run(_let_in(home))
    home.write("journal.json", {"folder": str(where)})


async def _let_in(home: Home) -> None:
    conn = await asyncpg.connect(postgres.superuser_url(home))
    try:
        await conn.execute("SET synchronous_commit = local")
        if not await conn.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", ROLE):
            await conn.execute(f'CREATE ROLE "{ROLE}"')
        secret = home.secret("postgres-journal")
        await conn.execute(f"ALTER ROLE \"{ROLE}\" LOGIN REPLICATION PASSWORD '{secret}'")
        if not await conn.fetchval("SELECT true FROM pg_replication_slots WHERE slot_name = $1", SLOT):
            await conn.fetchval("SELECT pg_create_physical_replication_slot($1, true)", SLOT)
    finally:
        await conn.close()


def required(home: Home, *, is_required: bool) -> None:
    """Whether PostgreSQL waits for the journal before it acknowledges; kept over its restarts."""
    asyncio.run(_require(home, STANDBY if is_required else ""))


async def _require(home: Home, name: str) -> None:
    conn = await asyncpg.connect(postgres.superuser_url(home))
    try:
        await conn.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        await conn.execute("SELECT pg_reload_conf()")
    finally:
        await conn.close()


@retry(
    retry=retry_if_result(lambda attached: not attached),
    stop=stop_after_delay(30),
    wait=wait_fixed(0.1),
    retry_error_callback=lambda _state: False,
)
def attached(home: Home) -> bool:
    """Whether the journal follows PostgreSQL, waiting for it."""
    return asyncio.run(_attached(home))


async def _attached(home: Home) -> bool:
    conn = await asyncpg.connect(postgres.superuser_url(home))
    try:
        question = "SELECT count(*) FROM pg_stat_replication WHERE application_name = $1 AND state = 'streaming'"
        return bool(await conn.fetchval(question, STANDBY))
    finally:
        await conn.close()


def unbroken(found: list[Segment], first: int) -> Iterator[Segment]:
    """The segments from a number on, up to the first one that is missing."""
    held = {segment.number: segment for segment in found}
    while first in held:
        yield held[first]
        first += 1


def prune(where: Path, keep: int) -> int:
    """Delete the segments before a number, which no kept backup needs. How many they were."""
    old = [segment for segment in segments(where) if segment.number < keep]
    for segment in old:
        segment.path.unlink()
    return len(old)
