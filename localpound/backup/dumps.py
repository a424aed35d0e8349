"""The databases of a server that somebody else runs: one dump each, as of one instant.

Consumers are dumped before those whose facts they take in, so that no read model is ahead of the log it was made
from. What is recorded after the dumps is not in them: such a server's own archive has to keep that.
"""

import asyncio
from pathlib import Path

import asyncpg

from localpound.backup import manifest, server
from localpound.backup.manifest import Manifest, Part
from localpound.client import DoorError
from localpound.stack import postgres
from localpound.stack.home import Home

DATABASES = ("reporting", "spend", "social_value", "contracts", "access")


def write(home: Home, folder: Path) -> Manifest:
    """Dump every database, owners and rights included."""
    logs = manifest.logs_of(home)
    return Manifest("dumps", tuple(_dump(home, folder, database) for database in DATABASES), logs)


def _dump(home: Home, folder: Path, database: str) -> Part:
    path = folder / f"{database}.dump"
    server.run_tool(home, "pg_dump", database, "--format=custom", "--compress=1", "--create", f"--file={path}")
    return manifest.part(path)


def bring_back(home: Home, folder: Path, *, replace: bool) -> None:
    """Put every database in the place of the one that is there. Raises DoorError where one has events."""
    if not replace:
        _refuse_unless_empty(home)
    for database in DATABASES:
        _load(home, folder, database)


def _load(home: Home, folder: Path, database: str) -> None:
    server.run_tool(home, "dropdb", "postgres", "--if-exists", "--force", database)
    dump = str(folder / f"{database}.dump")
    try:
        server.run_tool(home, "pg_restore", "postgres", "--create", "--exit-on-error", "-d", "postgres", dump)
    except DoorError:
        server.run_tool(home, "dropdb", "postgres", "--if-exists", "--force", database)
        raise


def _refuse_unless_empty(home: Home) -> None:
    for database in manifest.WITH_LOGS:
        if events := asyncio.run(_events(postgres.superuser_url(home, database))):
            raise DoorError(
                "not-empty",
                f"This stack has {events:,} events in {database}.",
                detail={"remedy": "Set LOCALPOUND_HOME to a new folder, or say --replace to lose them."},
            )


async def _events(url: str) -> int:
    conn = await asyncpg.connect(url)
    try:
        if await conn.fetchval("SELECT to_regclass('eventlog.event')") is None:
            return 0
        return int(await conn.fetchval("SELECT count(*) FROM eventlog.event"))
    finally:
        await conn.close()
