"""The gateway's list of 100 payments, beside the same SQL served bare."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from benchmarks.results import ROUNDS, Results, median
from localpound.stack import provision
from localpound.stack.testing import Servers
from tests.chaos.platform import ROOT, Platform, platform

CALLERS = 8
SECONDS = 4.0
QUESTION = """
{ payments(where: {organisation: "GB-LAE-SLF"}, first: 100) { nodes {
    paymentId paidOn supplierName netPence scope answer department purpose } } }
"""
MONTHS = ("spend-2021-04.csv", "spend-2021-05.csv")


async def requests(url: str, body: Mapping[str, object] | None, headers: Mapping[str, str]) -> float:
    """Answers a second, to so many callers at once."""
    answered = 0
    ends = time.perf_counter() + SECONDS

    async def caller(client: httpx.AsyncClient) -> None:
        nonlocal answered
        while time.perf_counter() < ends:
            answer = await (client.get(url) if body is None else client.post(url, json=body, headers=dict(headers)))
            assert answer.status_code == 200, answer.text[:300]
            answered += 1

    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        await asyncio.gather(*[caller(client) for _ in range(CALLERS)])
    return answered / SECONDS


async def compared(running: Platform, results: Results) -> None:
    """Interleaved rounds against both."""
    port = str(running.home.port("bare"))
    told = {"BARE_URL": provision.role_url(running.home, "gateway_reader", "reporting"), "BARE_PORT": port}
    bare = subprocess.Popen([sys.executable, "-m", "benchmarks.bare"], cwd=ROOT, env={**os.environ, **told})
    await asyncio.sleep(3)
    ours, theirs = [], []
    try:
        for _ in range(ROUNDS):
            body = {"query": QUESTION}
            ours.append(await requests(f"{running.url('gateway')}/graphql", body, running.headers()))
            theirs.append(await requests(f"http://127.0.0.1:{port}/", None, {}))
    finally:
        bare.terminate()
    results.compare(
        "gateway, list of 100 payments, 8 callers", median(ours), "answers/s",
        against=("the same SQL served bare", median(theirs)), at_least=None,
    )  # fmt: skip


async def run(servers: Servers, results: Results) -> None:
    """On a whole stack with two months of payments; the other servers stand idle meanwhile."""
    del servers
    with tempfile.TemporaryDirectory(prefix="localpound-bench-") as folder:
        Path(folder).chmod(0o755)
        with platform(Path(folder) / "stack") as running:
            for month in MONTHS:
                content = (ROOT / "samples" / "salford" / month).read_bytes()
                running.send("spend", f"/spend-files?file_name={month}", content)
            running.settle()
            await compared(running, results)
