"""Processes that must not outlive their stack: started, watched, found again, stopped."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from localpound.stack.home import Home

MARK = "LOCALPOUND_STACK"
"""In every child's environment: whose it is, so that a number used again is never killed."""

_libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    if _libc is not None and hasattr(_libc, "prctl"):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Child:
    """One process of the stack."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    prepare: Callable[[], None] = lambda: None
    """What is put right before each start."""
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    pause: float = 0.125
    """Seconds that were last waited before it was started again."""
    due: float | None = None
    """When it is to be started again, in seconds of the monotonic clock."""

    def start(self, home: Home) -> None:
        """Start it; what it says goes to its log file.

        Call from a thread that lives as long as the stack: Linux ends a child with the thread that made it.
        """
        self.prepare()
        log = home.logs / f"{self.name}.log"
        _turn_over(log)
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                env={**os.environ, **self.environment, MARK: str(home.root)},
                cwd="/" if self.name == "postgres" else Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent if self.name != "postgres" else None,  # noqa: PLW1509
            )
        remember(home, self.name, self.process.pid)

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def last_words(self, home: Home, lines: int = 12) -> str:
        """The end of its log."""
        text = (home.logs / f"{self.name}.log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def _turn_over(log: Path, limit: int = 20 * 2**20) -> None:
    if log.exists() and log.stat().st_size > limit:
        log.replace(log.with_suffix(".log.1"))


def remember(home: Home, name: str, pid: int) -> None:
    """Note a process, with the time of its start."""
    home.update("pids.json", **{name: {"pid": pid, "started": psutil.Process(pid).create_time()}})


def found(home: Home) -> dict[str, psutil.Process]:
    """The processes of this stack that still run, whoever started them; not the one that asks."""
    living: dict[str, psutil.Process] = {}
    for name, known in home.read("pids.json").items():
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(known["pid"])
            same = abs(process.create_time() - known["started"]) < 1
            if same and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                living[name] = process
    return living


def stop(processes: Mapping[str, psutil.Process], seconds: float = 10) -> None:
    """Ask each to stop: the supervisor first, services before the servers they use; what stays is killed.

    PostgreSQL goes before the journal of what it does: what it says at its end is in there too.
    """
    ranks = {"up": 0, "kafka": 2, "postgres": 3, "journal": 4}
    for rank in range(5):
        group = {n: p for n, p in processes.items() if ranks.get(n, 1) == rank}
        for name, process in group.items():
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        _, staying = psutil.wait_procs(list(group.values()), timeout=20 if rank == 0 else seconds)
        for process in staying:
            with contextlib.suppress(psutil.Error):
                for descendant in process.children(recursive=True):
                    descendant.kill()
                process.kill()
        psutil.wait_procs(staying, timeout=5)


def listening(port: int) -> bool:
    """Whether somebody answers on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for_port(child: Child, home: Home, port: int, seconds: float = 60) -> None:
    """Return when the child listens. Raises RuntimeError with its last words when it does not."""
    ends = time.monotonic() + seconds
    while not listening(port):
        if not child.alive() or time.monotonic() > ends:
            raise RuntimeError(f"{child.name} did not start:\n{child.last_words(home)}")
        time.sleep(0.05)
