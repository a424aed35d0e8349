"""Brings a whole stack up, keeps it up, and takes it down; says what it does."""

import asyncio
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import httpx
import psutil

from localpound.stack import accounts, children, given, journal, kafka, postgres, processes, provision
from localpound.stack.children import Child
from localpound.stack.home import REPOSITORY, Home

PATIENCE = 90  # seconds until a process must be ready
QUICK = 10  # a process that died within so many seconds of its start is started again more slowly
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0  # seconds before a process is started again

Say = Callable[[str], None]


@dataclass
class Stack:
    """One home's servers and processes."""

    home: Home
    say: Say
    members: dict[str, Child] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    stopping: Event = field(default_factory=Event)
    _started: dict[str, float] = field(default_factory=dict)

    def up(self, *, only_servers: bool = False) -> None:
        """Start everything and wait until it is ready. Raises RuntimeError with a process's last words."""
        self.home.made()
        self._clear_left_overs()
        children.remember(self.home, "up", os.getpid())
        embedded = [
            *([("postgres", postgres)] if given.postgres_url() is None else []),
            *([("kafka", kafka)] if given.broker() is None else []),
        ]
        self._refuse_without_database()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda server: server[1].prepare(self.home), embedded))
        for name, server in embedded:
            self._start(Child(name, server.command(self.home), {}))
        self._start_journal()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda step: self._timed(*step), [("postgresql", self._databases), ("kafka", self._topics)]))
        if only_servers:
            return
        self._timed("accounts", self._bootstrap)
        self.home.write("addresses.json", processes.addresses(self.home))
        self._timed("processes", self._start_processes)

    def keep_up(self) -> None:
        """Watch until told to stop; what died is started again, each in its own time, and that is said."""
        while not self.stopping.wait(0.25):
            if journal.NAME not in self.members and journal.folder(self.home):  # the first backup asks for it
                self._start(journal.child(self.home))
            for child in self.members.values():
                if child.alive():
                    continue
                if child.due is None:
                    self._mourn(child)
                elif time.monotonic() >= child.due and not self.stopping.is_set():
                    child.due = None
                    self._start(child)

    def _mourn(self, child: Child) -> None:
        quick = time.monotonic() - self._started[child.name] < QUICK
        child.pause = min(LONGEST_PAUSE, child.pause * 2) if quick else FIRST_PAUSE
        child.due = time.monotonic() + child.pause
        child.restarts += 1
        code = child.process.returncode if child.process else None
        self.say(f"{child.name} stopped (exit {code}); starting it again")

    def down(self) -> None:
        """Stop everything of this home, whoever started it."""
        self.stopping.set()
        children.stop(children.found(self.home))
        self.home.write("pids.json", {})

    def _timed(self, name: str, do: Callable[[], None]) -> None:
        began = time.monotonic()
        do()
        self.timings[name] = round(time.monotonic() - began, 2)

    def _clear_left_overs(self) -> None:
        left = children.found(self.home)
        if left:
            self.say(f"stopping what an earlier run left: {', '.join(sorted(left))}")
            children.stop(left)

    def _start(self, child: Child) -> None:
        self.members[child.name] = child
        self._started[child.name] = time.monotonic()
        child.start(self.home)

    def _refuse_without_database(self) -> None:
        """A stack that was backed up and has lost its database is restored, not begun again as if it were new."""
        if journal.folder(self.home) and given.postgres_url() is None and not postgres.exists(self.home):
            raise RuntimeError(
                f"The database of this stack is gone from {self.home.data / 'postgres'}.\n"
                "Bring it back: localpound restore DIR, the folder of the newest backup; or begin anew: localpound reset"
            )

    def _start_journal(self) -> None:
        """Before anything is committed: without it nothing would be acknowledged."""
        if "postgres" not in self.members or journal.folder(self.home) is None:
            return
        self._wait_for_postgres()
        child = journal.child(self.home)
        self._start(child)
        if not journal.attached(self.home):
            raise RuntimeError(
                f"the journal in {journal.folder(self.home)} cannot go on:\n{child.last_words(self.home)}"
            )

    def _wait_for_postgres(self) -> None:
        children.wait_for_port(self.members["postgres"], self.home, self.home.port("postgres"))
        asyncio.run(provision.answering(self.home))

    def _databases(self) -> None:
        if "postgres" in self.members:
            self._wait_for_postgres()
        asyncio.run(provision.answering(self.home))
        self._once("databases", _digest("*.sql", "deploy/*.py"), lambda: asyncio.run(provision.databases(self.home)))

    def _topics(self) -> None:
        if "kafka" in self.members:
            children.wait_for_port(self.members["kafka"], self.home, self.home.port("kafka"))
        digest = _digest("schemas/topics.yaml", "deploy/create_topics.py")
        self._once("topics", digest, lambda: provision.topics(self.home))

    def _once(self, name: str, digest: str, do: Callable[[], None]) -> None:
        """Skip what was done with the same inputs in this home."""
        done = self.home.read("done.json")
        if done.get(name) != digest:
            do()
            self.home.update("done.json", **{name: digest})

    def _bootstrap(self) -> None:
        path = accounts.write(self.home)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()

        def run() -> None:
            command = [sys.executable, "-m", "gateway.bootstrap", "--accounts", str(path)]
            settings = {**os.environ, **processes.environment(self.home, "gateway")}
            done = subprocess.run(  # noqa: S603
                command, env=settings, cwd=REPOSITORY, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise RuntimeError(f"accounts could not be made:\n{done.stderr[-2_000:]}")

        self._once("accounts", digest, run)

    def _start_processes(self) -> None:
        started = processes.children(self.home)
        for child in started:
            self._start(child)
        for child in started:
            self._wait_until_ready(child)

    def _wait_until_ready(self, child: Child) -> None:
        ends = time.monotonic() + PATIENCE
        while not is_ready(processes.url(self.home, child.name)):
            if not child.alive() or time.monotonic() > ends:
                raise RuntimeError(f"{child.name} is not ready:\n{child.last_words(self.home)}")
            time.sleep(0.1)


def is_ready(url: str) -> bool:
    """Whether a process says of itself that it is ready."""
    try:
        return httpx.get(f"{url}/ready", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _digest(*patterns: str) -> str:
    """One digest of all files that match."""
    total = hashlib.sha256()
    folders = ("eventlog", "services", "gateway", "deploy", "schemas")
    for pattern in patterns:
        found = (
            sorted(REPOSITORY.glob(pattern))
            if "/" in pattern
            else sorted(path for folder in folders for path in (REPOSITORY / folder).rglob(pattern))
        )
        for path in found:
            total.update(path.read_bytes())
    return total.hexdigest()


def disk_used(folder: Path) -> int:
    """Bytes on disk in a folder (sparse files by what they take); what vanishes meanwhile does not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_blocks * 512
        except OSError:
            continue
    return total


def process_rows(home: Home) -> list[dict[str, object]]:
    """Each process of a home: whether it runs, since when, and its memory in bytes."""
    living = children.found(home)
    rows: list[dict[str, object]] = []
    journals = [journal.NAME] if journal.folder(home) else []
    for name in ("postgres", *journals, "kafka", *processes.PROCESSES):
        process = living.get(name)
        row: dict[str, object] = {"process": name, "state": "running" if process else "stopped"}
        if process:
            row["pid"] = process.pid
            row["up_seconds"] = round(time.time() - process.create_time())  # noqa: TID251
            row["memory_bytes"] = sum(_memory(p) for p in [process, *process.children(recursive=True)])
        rows.append(row)
    return rows


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
