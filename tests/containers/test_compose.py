"""docker-compose.yml, built and started: two months in, a partner's question answered."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.docker

ROOT = Path(__file__).parents[2]
COMPOSE = ["docker", "compose", "--project-name", "localpound-test"]
PORTS = {"gateway": 8000, "contracts": 8001, "spend": 8002, "social_value": 8003, "reporting": 8004}
KEY = "a-key-for-this-test-only"
QUESTION = """
query Paid($organisation: String!) {
  payments(where: {organisation: $organisation}, first: 1) { totals { count netPence } }
}
"""


def run(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "OFFICER_KEY": KEY, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def started() -> Iterator[None]:
    run(*COMPOSE, "down", "-v", "--remove-orphans")
    up = run(*COMPOSE, "up", "-d", "--build", "--pull", "never", "--wait")
    if up.returncode:
        logs = run(*COMPOSE, "logs", "--tail", "40").stdout
        run(*COMPOSE, "down", "-v")
        pytest.fail(f"{up.stderr[-3000:]}\n{logs[-6000:]}")
    yield
    run(*COMPOSE, "down", "-v")


def localpound(*arguments: str) -> subprocess.CompletedProcess[str]:
    addresses = {f"LOCALPOUND_{name.upper()}_URL": f"http://127.0.0.1:{port}" for name, port in PORTS.items()}
    key = {"LOCALPOUND_CLIENT_ID": "officer", "LOCALPOUND_CLIENT_SECRET": KEY, "LOCALPOUND_HOME": "/nonexistent"}
    return run(sys.executable, "-m", "localpound", *arguments, **addresses, **key)


def test_two_months_are_imported_and_a_question_is_answered(started: None, tmp_path: Path) -> None:
    months = [f"samples/salford/spend-2021-0{month}.csv" for month in (4, 5)]
    imported = localpound("import", "spend", *months, "-o", "GB-LAE-SLF", "--json")
    assert imported.returncode == 0, imported.stdout[-2000:] + imported.stderr[-2000:]
    document = tmp_path / "paid.graphql"
    document.write_text(QUESTION)
    variables = json.dumps({"organisation": "GB-LAE-SLF"})
    answered = localpound("query", str(document), "--variables", variables, "-o", "GB-LAE-SLF")
    assert answered.returncode == 0, answered.stdout + answered.stderr
    totals = json.loads(answered.stdout)["data"]["payments"]["totals"]
    assert (int(totals["count"]), int(totals["netPence"])) == (3086 + 1890, 4_526_094_381 + 3_609_617_770)


def test_images_do_not_run_as_root(started: None) -> None:
    for name in PORTS:
        assert run(*COMPOSE, "exec", "-T", name, "id", "-u").stdout.strip() == "10001"
