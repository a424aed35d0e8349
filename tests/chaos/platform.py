"""A whole stack as a stranger runs it, asked through its doors only."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from localpound.settling import waiting_events
from localpound.stack import provision
from localpound.stack.home import Home
from tests.builders import SALFORD

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0  # seconds in which a platform that is left alone must be whole again

DIGEST = """
    SELECT payment_id, net_pence, paid_on, scope, answer, contract_id, supplier_id, repeats_document
    FROM live.payment WHERE known_to = 'infinity' ORDER BY organisation, payment_id
"""


@dataclass
class Platform:
    """One running stack."""

    home: Home
    process: "subprocess.Popen[bytes]"
    token: str = ""
    taken: float = -1_000.0
    acknowledged: list[str] = field(default_factory=list)

    def url(self, process: str) -> str:
        """A process's doors."""
        return f"http://127.0.0.1:{self.home.port(process)}"

    def pid(self, name: str) -> int:
        """The number of a process as it runs now."""
        return int(self.home.read("pids.json")[name]["pid"])

    def headers(self) -> dict[str, str]:
        """A token of the officer's, fresh enough."""
        if time.monotonic() - self.taken > 300:
            key = json.loads((self.home.keys / "officer.json").read_text())
            form = {
                "grant_type": "client_credentials", "client_id": key["client_id"],
                "client_secret": key["client_secret"], "organisation": SALFORD,
            }  # fmt: skip
            answer = httpx.post(f"{self.url('gateway')}/token", data=form, timeout=10, trust_env=False)
            self.token, self.taken = answer.raise_for_status().json()["access_token"], time.monotonic()
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, process: str, path: str, content: bytes, **headers: str) -> Mapping[str, Any]:
        """Send until the door says that it has it, as an integration would."""
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                answer = httpx.post(
                    f"{self.url(process)}{path}", content=content, headers={**self.headers(), **headers},
                    timeout=60, trust_env=False,
                )  # fmt: skip
                if answer.status_code in {200, 202}:
                    return dict(answer.json())
                assert answer.status_code >= 500 or answer.status_code == 409, answer.text
            except (httpx.HTTPError, KeyError):
                pass
            assert time.monotonic() < ends, f"{process} does not take {path}"
            time.sleep(0.2)

    def settle(self) -> None:
        """Wait until everything that was acknowledged is in every read model, in two looks one after the other."""
        ends, quiet = time.monotonic() + PATIENCE, 0
        while quiet < 2:
            assert time.monotonic() < ends, "the platform does not settle"
            time.sleep(0.3)
            quiet = quiet + 1 if self._settled() else 0

    def _settled(self) -> bool:
        try:
            told = {
                name: httpx.get(f"{self.url(name)}/status", timeout=10, trust_env=False).raise_for_status().json()
                for name in ("gateway", "contracts", "spend", "social_value", "reporting")
            }
        except (httpx.HTTPError, ValueError):
            return False
        models = [m for one in told.values() for m in one.get("projections", {}).values() if isinstance(m, dict)]
        kept = all(model.get("state") == "live" and model.get("running") for model in models)
        return kept and not any(model.get("parked") for model in models) and waiting_events(told) == 0

    async def digest(self) -> tuple[int, int, str]:
        """Payments in the read model: how many, their pence, and a digest of what was decided of each."""
        conn = await asyncpg.connect(provision.role_url(self.home, "gateway_reader", "reporting"))
        rows = await conn.fetch(DIGEST)
        await conn.close()
        text = "\n".join(repr(tuple(row)) for row in rows)
        return len(rows), sum(row["net_pence"] for row in rows), sha256(text.encode()).hexdigest()

    async def payments_among(self, payment_ids: list[str]) -> int:
        """How many of these payments the read model has."""
        conn = await asyncpg.connect(provision.role_url(self.home, "gateway_reader", "reporting"))
        question = "SELECT count(DISTINCT payment_id) FROM live.payment WHERE payment_id = ANY ($1::text[])"
        found = int(await conn.fetchval(question, payment_ids))
        await conn.close()
        return found

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The command line, against this stack."""
        return localpound(self.home, *arguments)


def localpound(home: Home, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line in a home."""
    settings = {**os.environ, "LOCALPOUND_HOME": str(home.root)}
    return subprocess.run(
        [sys.executable, "-m", "localpound", *arguments], cwd=ROOT, env=settings, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


@contextmanager
def platform(root: Path) -> Iterator[Platform]:
    """A stack in a home of its own, up and supervised; taken down at the end."""
    home = Home(root).made()
    process = subprocess.Popen(
        [sys.executable, "-m", "localpound", "up"], cwd=ROOT, env={**os.environ, "LOCALPOUND_HOME": str(root)},
        stdout=(home.logs / "up.log").open("ab"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    running = Platform(home, process)
    try:
        ends = time.monotonic() + PATIENCE
        while not (home.root / "run" / "addresses.json").exists() or not running._settled():
            assert process.poll() is None, (home.logs / "up.log").read_text()[-3000:]
            assert time.monotonic() < ends, "the stack does not come up"
            time.sleep(0.3)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            psutil.Process(process.pid).kill()
        localpound(home, "down")
