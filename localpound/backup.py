"""Everything that was recorded, brought to safety and back.

A backup is a folder: one dump a database, the keys without which nobody could sign in again, and a
manifest that says what must be found after a restore. Consumers are dumped before those whose facts
they take in, so that no read model is ahead of the log it was made from.
"""

import asyncio
import json
import os
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import psutil

from deploy import roles
from localpound.client import DoorError
from localpound.stack import children, given, postgres, provision
from localpound.stack.children import Child
from localpound.stack.home import Home, write_private
from localpound.verify.log_check import Head, Result
from localpound.verify.postgresql import PostgresSource
from localpound.verify.run import Verification, schema_digests, verify

DATABASES = ("reporting", "spend", "social_value", "contracts", "access")
WITH_LOGS = ("contracts", "spend", "social_value", "access")
SECRETS = ("signing-key.json", "account-*")
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Dump:
    """One database in a backup."""

    database: str
    file: str
    bytes: int
    sha256: str


def superuser(home: Home, database: str) -> dict[str, str]:
    """PostgreSQL's own environment variables: a password has no place on a command line."""
    parts = urlsplit(postgres.superuser_url(home, database))
    return {
        **os.environ,
        "PGHOST": parts.hostname or "127.0.0.1",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or "postgres"),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": database,
    }


def run_tool(home: Home, tool: str, database: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. Raises DoorError with its last words."""
    done = subprocess.run(  # noqa: S603
        [str(postgres.binaries() / tool), *arguments],
        env=superuser(home, database), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        words = done.stderr.strip().splitlines()[-3:]
        raise DoorError("tool-failed", f"{tool}, {database}: {' '.join(words)}")


def dump(home: Home, folder: Path, database: str) -> Dump:
    """Dump one database, owners and rights included, as of one instant."""
    path = folder / f"{database}.dump"
    run_tool(home, "pg_dump", database, "--format=custom", "--compress=1", "--create", f"--file={path}")
    path.chmod(0o600)
    return Dump(database, path.name, path.stat().st_size, digest_of(path))


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    total = sha256()
    with path.open("rb") as file:
        while part := file.read(2**20):
            total.update(part)
    return total.hexdigest()


def heads(home: Home) -> list[Head]:
    """Every log's size and root at present."""
    found: list[Head] = []
    for service in WITH_LOGS:
        with PostgresSource(service, postgres.superuser_url(home, service)) as source:
            found += source.heads()
    return found


def save_keys(home: Home, folder: Path) -> None:
    """Copy the accounts' keys and the key that signs tokens; for their owner's eyes only."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for pattern in SECRETS:
        for path in sorted((home.root / "secrets").glob(pattern)):
            write_private(folder / path.name, path.read_text())


def write_manifest(folder: Path, logs: Sequence[Head], dumps: Sequence[Dump]) -> None:
    """Written last: a folder without it is no backup."""
    content = {
        "format": 1,
        "logs": [
            {"organisation": head.organisation, "service": head.service, "size": head.size, "root": _text(head.root)}
            for head in logs
        ],
        "databases": [
            {"database": each.database, "file": each.file, "bytes": each.bytes, "sha256": each.sha256} for each in dumps
        ],
    }
    (folder / MANIFEST).write_text(json.dumps(content, indent=2) + "\n")


def _text(root: bytes | None) -> str | None:
    return None if root is None else b64encode(root).decode()


def read_manifest(folder: Path) -> tuple[list[Dump], dict[str, tuple[int, str | None]]]:
    """The dumps, each as it was written, and per log the size and root. Raises DoorError."""
    path = folder / MANIFEST
    if not path.exists():
        raise DoorError("no-backup", f"{folder} is no backup, or one that was broken off: it has no {MANIFEST}.")
    content = json.loads(path.read_text())
    dumps = [Dump(**each) for each in content["databases"]]
    for each in dumps:
        if digest_of(folder / each.file) != each.sha256:
            raise DoorError("backup-damaged", f"{each.file} is not as it was written: its digest is another.")
    return dumps, {f"{log['organisation']}/{log['service']}": (log["size"], log["root"]) for log in content["logs"]}


@contextmanager
def postgres_alone(home: Home) -> Iterator[None]:
    """PostgreSQL and nothing else, with every role and database. Raises DoorError when something runs."""
    if children.found(home):
        raise DoorError("running", "This stack is running.", detail={"remedy": "Stop it first: localpound down"})
    home.made()
    server = None if given.postgres_url() else _started(home)
    try:
        asyncio.run(roles.create(postgres.superuser_url(home), _passwords(home)))
        yield
    finally:
        if server is not None and server.process is not None and server.alive():
            children.stop({"postgres": psutil.Process(server.process.pid)})


def _started(home: Home) -> Child:
    postgres.prepare(home)
    server = Child("postgres", postgres.command(home), {})
    server.start(home)
    try:
        children.wait_for_port(server, home, home.port("postgres"))
        asyncio.run(provision.answering(home))
    except BaseException:
        children.stop(children.found(home))
        raise
    return server


def _passwords(home: Home) -> dict[str, str]:
    return {login: home.secret(f"postgres-{login}") for login in roles.LOGINS}


def events_in(home: Home, database: str) -> int:
    """How many events a database holds; none where there is no log."""
    return asyncio.run(_count(postgres.superuser_url(home, database)))


async def _count(url: str) -> int:
    conn = await asyncpg.connect(url)
    try:
        if await conn.fetchval("SELECT to_regclass('eventlog.event')") is None:
            return 0
        return int(await conn.fetchval("SELECT count(*) FROM eventlog.event"))
    finally:
        await conn.close()


def load(home: Home, folder: Path, each: Dump) -> None:
    """Put a database in the place of the one that is there. Raises DoorError."""
    run_tool(home, "dropdb", "postgres", "--if-exists", "--force", each.database)
    try:
        run_tool(
            home, "pg_restore", "postgres", "--create", "--exit-on-error", "-d", "postgres", str(folder / each.file)
        )
    except DoorError:
        run_tool(home, "dropdb", "postgres", "--if-exists", "--force", each.database)
        raise


def restore_keys(home: Home, folder: Path) -> None:
    """Put the keys back; one that is there already is replaced, because the accounts are."""
    for path in sorted(folder.glob("*")):
        write_private(home.root / "secrets" / path.name, path.read_text())


def set_kafka_aside(home: Home) -> Path | None:
    """Give the broker a fresh start: the services publish everything again, from their logs.

    Its old data may hold events that were recorded after the backup, so they are kept; where.
    """
    (home.root / "run" / "done.json").unlink(missing_ok=True)
    folder = home.data / "kafka"
    if not folder.exists():
        return None
    aside = next(path for number in count(1) if not (path := home.data / f"kafka-before-restore-{number}").exists())
    return folder.rename(aside)


def verify_restored(home: Home) -> list[Verification]:
    """Recompute every log of every database."""
    found = []
    for service in WITH_LOGS:
        with PostgresSource(service, postgres.superuser_url(home, service)) as source:
            found.append(verify(source, schema_digests()))
    return found


def missing_from(results: Sequence[Result], logs: dict[str, tuple[int, str | None]]) -> list[str]:
    """What the manifest promises and the restored logs do not have; they may have more than it says."""
    restored = {result.log: result for result in results}
    found = []
    for name, (size, root) in sorted(logs.items()):
        result = restored.get(name)
        events = result.events if result else 0
        if events < size:
            found.append(f"{name}: {size:,} events were promised, {events:,} are back")
        elif result is not None and events == size and root not in {None, _text(result.root)}:
            found.append(f"{name}: its root is not the one that was promised")
    return found
