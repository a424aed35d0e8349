"""A stack restarts what died, stands beside another, and leaves nothing behind, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from localpound.stack import children
from localpound.stack.home import Home

ROOT = Path(__file__).parents[3]


def start(home: Path) -> "subprocess.Popen[bytes]":
    Home(home).made()
    return subprocess.Popen(
        [sys.executable, "-m", "localpound", "up", "--only-servers"],
        cwd=ROOT,
        env={**os.environ, "LOCALPOUND_HOME": str(home)},
        stdout=(home / "logs" / "up.log").open("ab"),
        stderr=subprocess.STDOUT,
    )


def wait_until(what: object, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < ends, "not in time"
        time.sleep(0.1)


def both_listen(home: Home) -> bool:
    ports = home.read("ports.json")
    return {"postgres", "kafka"} <= set(ports) and all(children.listening(ports[n]) for n in ("postgres", "kafka"))


def ready(home: Home) -> bool:
    return both_listen(home) and "are ready" in (home.logs / "up.log").read_text()


def test_a_stack_restarts_what_died_and_two_stand_side_by_side(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    first, second = Home(tmp_path / "one"), Home(tmp_path / "two")
    running = [start(first.root), start(second.root)]
    wait_until(lambda: ready(first) and ready(second))
    assert set(first.read("ports.json").values()).isdisjoint(second.read("ports.json").values())
    before = children.found(first)["kafka"]
    before.kill()
    wait_until(lambda: "kafka" in children.found(first) and children.found(first)["kafka"].pid != before.pid)
    wait_until(lambda: both_listen(first))
    assert "kafka stopped (exit -9); starting it again" in (first.logs / "up.log").read_text()
    for process in running:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(30) for process in running] == [0, 0]
    assert children.found(first) == {}
    assert children.found(second) == {}


def test_after_a_kill_nothing_is_left_once_down_has_run(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    home = Home(tmp_path / "home")
    process = start(home.root)
    wait_until(lambda: ready(home))
    family = list(children.found(home).values())
    process.kill()
    process.wait()
    down = subprocess.run(
        [sys.executable, "-m", "localpound", "down"],
        cwd=ROOT,
        env={**os.environ, "LOCALPOUND_HOME": str(home.root)},
        capture_output=True,
        check=False,
    )
    assert down.returncode == 0
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert not any(children.listening(port) for port in home.read("ports.json").values())


def test_down_ends_a_stack_that_another_shell_keeps_up(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    home = Home(tmp_path / "home")
    process = start(home.root)
    wait_until(lambda: ready(home))
    settings = {**os.environ, "LOCALPOUND_HOME": str(home.root)}
    down = subprocess.run([sys.executable, "-m", "localpound", "down"], cwd=ROOT, env=settings, check=False)
    assert down.returncode == 0
    assert process.wait(30) == 0
    time.sleep(1)
    assert children.found(home) == {}
    assert "starting it again" not in (home.logs / "up.log").read_text()
