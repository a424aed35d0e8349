"""PostgreSQL and nothing else, for a restore; and PostgreSQL's own programs."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psutil

from deploy import roles
from localpound.client import DoorError
from localpound.stack import children, given, postgres, provision
from localpound.stack.children import Child
from localpound.stack.home import Home

RECOVERY = 3_600
"""Seconds within which a server must have taken in what the journal holds."""


def run_tool(home: Home, tool: str, database: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as its superuser. Raises DoorError with its last words."""
    done = subprocess.run(  # noqa: S603
        [str(postgres.binaries() / tool), *arguments],
        env=_superuser(home, database), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        words = done.stderr.strip().splitlines()[-3:]
        raise DoorError("tool-failed", f"{tool}, {database}: {' '.join(words)}")


def give_places(home: Home, service: str) -> None:
    """Let appends that were acknowledged and not placed when the database was lost have their places. Raises DoorError."""
    done = subprocess.run(
        [sys.executable, "-m", "eventlog.placing"],
        env={**os.environ, "EVENTLOG_DATABASE_URL": postgres.superuser_url(home, service)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise DoorError("not-placed", f"{service}: {' '.join(done.stderr.strip().splitlines()[-1:])}")


def _superuser(home: Home, database: str) -> dict[str, str]:
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


def check_base(data: Path) -> None:
    """Compare an unpacked base backup with PostgreSQL's own manifest of it. Raises DoorError."""
    done = subprocess.run(  # noqa: S603
        [str(postgres.binaries() / "pg_verifybackup"), "--no-parse-wal", "--quiet", str(data)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise DoorError("backup-damaged", f"pg_verifybackup: {done.stderr.strip()[-300:]}")


def refuse_while_running(home: Home) -> None:
    """Raises DoorError when something of this stack runs."""
    if children.found(home):
        raise DoorError("running", "This stack is running.", detail={"remedy": "Stop it first: localpound down"})


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """PostgreSQL of a stack that is down, with every role and database. Raises DoorError."""
    refuse_while_running(home)
    home.made()
    server = None if given.postgres_url() else _started(home)
    try:
        passwords = {login: home.secret(f"postgres-{login}") for login in roles.LOGINS}
        asyncio.run(roles.create(postgres.superuser_url(home), passwords))
        yield
    finally:
        if server is not None and server.process is not None and server.alive():
            children.stop({"postgres": psutil.Process(server.process.pid)})


def _started(home: Home) -> Child:
    postgres.prepare(home)
    server = Child("postgres", [*postgres.command(home), "--synchronous_standby_names="], {})
    server.start(home)
    try:
        children.wait_for_port(server, home, home.port("postgres"), RECOVERY)
        asyncio.run(provision.answering(home))
    except BaseException:
        children.stop(children.found(home))
        raise
    return server


def set_aside(path: Path) -> Path | None:
    """Move what a restore replaces out of the way; nothing is deleted. Where it is now."""
    if not path.exists():
        return None
    names = (path.with_name(f"{path.name}-before-restore-{number}") for number in count(1))
    return path.rename(next(name for name in names if not name.exists()))


def set_kafka_aside(home: Home) -> Path | None:
    """Give the broker a fresh start: the services publish everything again, from their logs."""
    (home.root / "run" / "done.json").unlink(missing_ok=True)
    return set_aside(home.data / "kafka")
