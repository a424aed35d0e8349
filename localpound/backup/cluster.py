"""The embedded PostgreSQL as a whole, and the journal of everything after: together, every acknowledged event.

A backup is PostgreSQL's own base backup. A restore unpacks it, lays the journal's segments beside it and lets
PostgreSQL take them in; then it asks how far PostgreSQL came. PostgreSQL stops without a word at the first record
that it cannot read, so a journal that goes on behind that point was damaged, and the restore says so.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import asyncpg

from localpound.backup import manifest, server
from localpound.backup.manifest import Manifest
from localpound.client import DoorError
from localpound.stack import given, journal, postgres
from localpound.stack.home import Home
from localpound.stack.journal import SEGMENT_BYTES, Segment

FILES = ("base.tar.gz", "pg_wal.tar.gz", "backup_manifest")
TORN = 2**20
"""Bytes at the end of a journal that may belong to a record which was never finished, so never acknowledged."""

_PROGRESS = re.compile(rb"(\d+)/(\d+) kB")

Progress = Callable[[int, int], None]
"""Told how many of how many kB are done."""


def begin_journal(home: Home, where: Path | None) -> Path:
    """From now on nothing is acknowledged that is not in the journal too. Its folder. Raises DoorError."""
    there = journal.folder(home)
    folder = (where or there or home.root / "journal").absolute()
    if there is not None and there != folder:
        remedy = f"Leave --journal out, or stop the stack and move {there}."
        raise DoorError("other-journal", f"This stack's journal is in {there}.", detail={"remedy": remedy})
    if there is None and folder.exists() and any(folder.iterdir()):
        raise DoorError("not-empty", f"{folder} is not empty.", detail={"remedy": "Name a new folder."})
    journal.begin(home, folder)
    if not journal.attached(home):
        remedy = f"See {home.logs / 'journal.log'}; localpound up keeps it running."
        raise DoorError("no-journal", f"The journal in {folder} does not start.", detail={"remedy": remedy})
    journal.required(home, is_required=True)
    return folder


def write(home: Home, folder: Path, where: Path | None, progress: Progress) -> Manifest:
    """A base backup; the journal goes on from it."""
    kept_in = begin_journal(home, where)
    logs = manifest.logs_of(home)
    _base_backup(home, folder, progress)
    first = _needs(folder)
    _prune(home, kept_in, first)
    parts = tuple(manifest.part(folder / name) for name in FILES)
    return Manifest("cluster", parts, logs, journal=str(kept_in), journal_from=first)


def _base_backup(home: Home, folder: Path, progress: Progress) -> None:
    command = [
        str(postgres.binaries() / "pg_basebackup"), f"--pgdata={folder}", "--format=tar", "--compress=client-gzip:1",
        "--checkpoint=fast", "--wal-method=stream", "--manifest-checksums=SHA256", "--progress", "--no-password",
    ]  # fmt: skip
    with subprocess.Popen(command, env=journal.environment(home), stderr=subprocess.PIPE) as process:  # noqa: S603
        said = b""
        assert process.stderr is not None
        while piece := os.read(process.stderr.fileno(), 4_096):
            said = (said + piece)[-8_192:]
            for match in _PROGRESS.finditer(piece):
                progress(int(match[1]), int(match[2]))
    if process.returncode:
        raise DoorError("tool-failed", f"pg_basebackup: {' '.join(said.decode(errors='replace').split())[-300:]}")


def _needs(folder: Path) -> int:
    """The segment in which the backup ends: from there on the journal is needed."""
    told = json.loads((folder / "backup_manifest").read_text())
    return journal.position(told["WAL-Ranges"][-1]["End-LSN"]) // SEGMENT_BYTES


def _prune(home: Home, kept_in: Path, first: int) -> None:
    """Keep what the newest backup and the one before it need."""
    before = home.read("backups.json").get("journal_from")
    if before is not None:
        journal.prune(kept_in, before)
    home.write("backups.json", {"journal_from": first})


def bring_back(home: Home, folder: Path, saved: Manifest, kept_in: Path | None, *, replace: bool) -> list[Segment]:
    """Put the backup in the place of the database that is there, and the journal beside it; the journal's segments.

    PostgreSQL takes them in when it is started. Raises DoorError.
    """
    server.refuse_while_running(home)
    if given.postgres_url():
        remedy = "Leave LOCALPOUND_POSTGRES_URL out, or bring a dump back there."
        raise DoorError("embedded-only", "This backup is of an embedded PostgreSQL.", detail={"remedy": remedy})
    data = home.made().data / "postgres"
    if data.exists() and not replace:
        remedy = "Set LOCALPOUND_HOME to a new folder, or say --replace: the one that is there is set aside."
        raise DoorError("not-empty", f"This stack has a database in {data}.", detail={"remedy": remedy})
    found = [] if kept_in is None else _reaching(kept_in, saved)
    made = data.with_name("postgres-restoring")
    shutil.rmtree(made, ignore_errors=True)
    _make(folder, made, found)
    server.set_aside(data)
    made.rename(data)
    return found


def _make(folder: Path, data: Path, found: list[Segment]) -> None:
    _unpack(folder / "base.tar.gz", data)
    _unpack(folder / "pg_wal.tar.gz", data / "pg_wal")
    shutil.copy(folder / "backup_manifest", data / "backup_manifest")
    server.check_base(data)
    for segment in found:
        shutil.copy(segment.path, data / "pg_wal" / segment.name)
    _give_away(data)


def _reaching(kept_in: Path, saved: Manifest) -> list[Segment]:
    """The journal from the backup on, without a gap."""
    there = journal.segments(kept_in)
    assert saved.journal_from is not None
    found = list(journal.unbroken(there, saved.journal_from))
    newer = [segment for segment in there if segment.number >= saved.journal_from]
    if found and len(found) == len(newer):
        return found
    at = f"segment {saved.journal_from + len(found):X} is missing"
    remedy = "Find the rest of it, or say --without-journal: what was recorded after the backup is then lost."
    raise DoorError("journal-broken", f"The journal in {kept_in} does not hold all: {at}.", detail={"remedy": remedy})


def _unpack(archive: Path, target: Path) -> None:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(archive, "r:gz") as packed:
        packed.extractall(target, filter="data")
    target.chmod(0o700)


def _give_away(data: Path) -> None:
    """As root PostgreSQL runs as another user, whose the files must be."""
    if os.geteuid() != 0:
        return
    for path in (data, *data.rglob("*")):
        os.chown(path, postgres.NOBODY, postgres.NOBODY)


def not_taken_in(home: Home, found: list[Segment]) -> list[str]:
    """What the journal holds and PostgreSQL, having started with it, did not take in."""
    if not found:
        return []
    end = max(segment.ends() for segment in found[-2:])
    reached = asyncio.run(_reached(postgres.superuser_url(home)))
    if reached + TORN >= end:
        return []
    return [f"the journal ends {end - reached:,} bytes after the last record that could be read"]


async def _reached(url: str) -> int:
    conn = await asyncpg.connect(url)
    try:
        return journal.position(await conn.fetchval("SELECT pg_current_wal_lsn()::text"))
    finally:
        await conn.close()


def go_on(home: Home, kept_in: Path | None) -> bool:
    """Whether the journal goes on where the restored database is: in this stack's own folder only.

    Elsewhere it ends here: the stack whose journal it is may still write it.
    """
    own = journal.folder(home)
    if kept_in is not None and own == kept_in:
        journal.begin(home, kept_in)
        return True
    if own is not None:
        server.set_aside(own)
        (home.root / "run" / "journal.json").unlink()
    journal.required(home, is_required=False)
    return False
