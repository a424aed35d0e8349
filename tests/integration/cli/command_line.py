"""`localpound` as it is typed, in a home of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


class CommandLine:
    """`localpound` in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str, expect: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "localpound", *arguments],
            env={**os.environ, "LOCALPOUND_HOME": str(self.home)},
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def told(self, *arguments: str, expect: int = 0) -> dict[str, Any]:
        return dict(json.loads(self(*arguments, "--json", expect=expect)))
