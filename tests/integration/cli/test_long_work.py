"""A large file through a whole stack: its memory stays flat, its progress is told in rows, and a kill loses nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from services.spend.published.intake import LARGEST_BATCH
from tests.integration.cli.command_line import ROOT, CommandLine

ROWS = 40_000
COUNCIL = "GB-LAE-DEV"


@pytest.fixture(scope="module")
def localpound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    command_line = CommandLine(tmp_path_factory.mktemp("home"))
    command_line("up", "--detach")
    yield command_line
    command_line("down")


def written(path: Path, rows: int, words: int = 1) -> tuple[Path, int]:
    """A file of so many payments, and what they come to in pence."""
    total = 0
    with path.open("w") as file:
        file.write("Date,Document No,Supplier Name,Purpose,Net Amount\n")
        for number in range(rows):
            pence = 100_000 + number * 7 % 90_001
            total += pence
            purpose = "Repairs and maintenance of buildings " * words
            day = 1 + number % 28
            file.write(f"2021-04-{day:02},D{number},Supplier {number % 997} Ltd,{purpose},{pence / 100:.2f}\n")
    return path, total


def spend_process(localpound: CommandLine) -> psutil.Process:
    pids = json.loads((localpound.home / "run" / "pids.json").read_text())
    return psutil.Process(pids["spend"]["pid"])


def begun(localpound: CommandLine, path: Path) -> "subprocess.Popen[str]":
    """An import that is under way."""
    return subprocess.Popen(
        [sys.executable, "-m", "localpound", "import", "spend", str(path), "-o", COUNCIL, "--no-wait", "--json"],
        env={**os.environ, "LOCALPOUND_HOME": str(localpound.home)}, cwd=ROOT, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip


def at_work(localpound: CommandLine) -> None:
    """Wait until the service's transaction has written rows of the file."""
    url = json.loads((localpound.home / "run" / "addresses.json").read_text())
    assert url["spend"]
    before = spend_process(localpound).cpu_times().user
    deadline = time.monotonic() + 60
    while spend_process(localpound).cpu_times().user < before + 1 and time.monotonic() < deadline:
        time.sleep(0.05)


def test_a_service_that_is_killed_at_work_records_the_file_once(localpound: CommandLine, tmp_path: Path) -> None:
    path, pence = written(tmp_path / "april.csv", ROWS)
    importing = begun(localpound, path)
    at_work(localpound)
    spend_process(localpound).send_signal(signal.SIGKILL)
    told = json.loads(importing.communicate(timeout=240)[0])
    (report,) = told["reports"]
    assert report["rows"] == {"read": ROWS, "new": ROWS, "known": 0, "corrected": 0, "rejected": 0}
    assert report["pence"]["new"] == pence
    again = localpound.told("import", "spend", str(path), "-o", COUNCIL)
    assert again["reports"][0]["rows"]["known"] == ROWS
    (file,) = localpound.told("reconcile", "-o", COUNCIL)["files"]
    for place in ("log", "kafka", "read_model", "gateway"):
        assert (file[place]["rows"], file[place]["pence"]) == (ROWS, pence)


def test_a_client_that_is_killed_is_taken_up_where_the_service_is(localpound: CommandLine, tmp_path: Path) -> None:
    path, _ = written(tmp_path / "may.csv", ROWS, words=2)
    importing = begun(localpound, path)
    at_work(localpound)
    importing.kill()
    importing.wait()
    (report,) = localpound.told("import", "spend", str(path), "-o", COUNCIL, "--no-wait")["reports"]
    assert report["rows"]["new"] + report["rows"]["known"] == ROWS
    (again,) = localpound.told("import", "spend", str(path), "-o", COUNCIL, "--no-wait")["reports"]
    assert again["already_received"] is True
    assert again["rows"]["known"] == ROWS


def test_a_file_of_40_mb_needs_no_more_memory_than_one_of_10(localpound: CommandLine, tmp_path: Path) -> None:
    small, _ = written(tmp_path / "small.csv", 7_500, words=36)  # over two batches of the longest rows
    large, _ = written(tmp_path / "large.csv", 30_000, words=36)
    assert small.stat().st_size > 2 * LARGEST_BATCH
    assert large.stat().st_size > 40_000_000
    localpound.told("import", "spend", str(small), "-o", COUNCIL, "--no-wait")
    after_small = peak(localpound)
    localpound.told("import", "spend", str(large), "-o", COUNCIL, "--no-wait")
    assert peak(localpound) - after_small < 40 * 2**20
    assert peak(localpound) < 300 * 2**20


def peak(localpound: CommandLine) -> int:
    """The most memory that the spend service has held at once, in bytes."""
    status = Path(f"/proc/{spend_process(localpound).pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024
