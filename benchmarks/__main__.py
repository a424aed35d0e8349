"""`python -m benchmarks [NAME…]`: all figures of one run, printed and written to build/bench.json."""

import asyncio
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from benchmarks.results import FILE, Results
from eventlog.service import spare_the_collector
from localpound.stack.testing import servers

PARTS = ("append", "relay", "rebuild", "latency", "gateway", "spend_file", "compliance", "memory")


def main() -> int:
    """Measure; 1 when a target was missed."""
    chosen = sys.argv[1:] or [part for part in PARTS if (Path(__file__).parent / f"{part}.py").exists()]
    spare_the_collector()  # as every process of the platform does
    results = Results()
    with tempfile.TemporaryDirectory(prefix="localpound-bench-") as folder:
        Path(folder).chmod(0o755)
        with servers(Path(folder) / "home") as running:
            for part in chosen:
                asyncio.run(import_module(f"benchmarks.{part}").run(running, results))
    results.write()
    missed = [result.name for result in results.found if result.met is False]
    print(f"{len(results.found)} figures in {FILE}; missed: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
