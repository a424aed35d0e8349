"""The most memory that each process holds while a file of 200 MB goes from its upload to where it can be asked for."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.results import Results
from localpound.stack.testing import Servers

SIZE = 200 * 10**6
PROCESSES = ("spend", "reporting", "gateway")
LIMIT = 300
COUNCIL = "GB-LAE-DEV"
COUNT = 'query { payments(where: {organisation: "GB-LAE-DEV"}) { totals { count } } }'
PATIENCE = 600.0
ROOT = Path(__file__).parents[1]
PURPOSE = "Repairs and maintenance of buildings as agreed with the managing agent for the quarter " * 4


def write(path: Path) -> int:
    """A file of that size; how many rows it has."""
    rows = 0
    with path.open("w") as file:
        file.write("Date,Document No,Supplier Name,Purpose,Net Amount\n")
        while file.tell() < SIZE:
            for _ in range(1_000):
                pence = 100_000 + rows * 7 % 90_001
                supplier = f"Supplier {rows % 9_973} Ltd"
                file.write(f"2021-04-{1 + rows % 28:02},D{rows},{supplier},{PURPOSE},{pence / 100:.2f}\n")
                rows += 1
    return rows


def localpound(home: Path, *arguments: str) -> Any:
    """A command against a stack of its own; what it tells with --json."""
    command = [sys.executable, "-m", "localpound", *arguments]
    told = subprocess.run(
        command, env={**os.environ, "LOCALPOUND_HOME": str(home)}, cwd=ROOT, text=True, check=True, capture_output=True
    ).stdout
    return json.loads(told) if told.startswith("{") else None


def _wait(home: Path, query: Path, rows: int) -> None:
    """Until all rows can be asked for."""
    query.write_text(COUNT)
    end = time.monotonic() + PATIENCE
    found = -1
    while found != rows:
        assert time.monotonic() < end, f"{rows} rows are recorded, and {found} can be asked for"
        time.sleep(1)
        found = localpound(home, "query", str(query), "-o", COUNCIL)["data"]["payments"]["totals"]["count"]


def peak(home: Path, process: str) -> float:
    """Megabytes that a process has held at once."""
    pids = json.loads((home / "run" / "pids.json").read_text())
    status = Path(f"/proc/{pids[process]['pid']}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024 / 10**6


async def run(_servers: Servers, results: Results) -> None:
    """One file, in a whole stack of its own."""
    with tempfile.TemporaryDirectory(prefix="localpound-memory-") as folder:
        Path(folder).chmod(0o755)
        home, path = Path(folder) / "home", Path(folder) / "april.csv"
        rows = write(path)
        try:
            localpound(home, "up", "--detach")
            told = localpound(home, "import", "spend", str(path), "-o", COUNCIL, "--no-wait", "--json")
            assert told["reports"][0]["rows"]["new"] == rows, "every row is recorded"
            _wait(home, Path(folder) / "count.graphql", rows)
            for process in PROCESSES:
                results.at_most(f"memory of {process}, a file of 200 MB", peak(home, process), "MB", LIMIT)
        finally:
            localpound(home, "down")
