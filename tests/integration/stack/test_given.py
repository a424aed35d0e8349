"""Addresses in the environment are used instead of embedded servers."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from localpound.stack import children
from localpound.stack.home import Home
from localpound.stack.testing import servers

ROOT = Path(__file__).parents[3]


def test_a_platform_stands_on_servers_that_somebody_else_runs(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    home = Home(tmp_path / "own").made()
    with servers(tmp_path / "theirs") as theirs:
        settings = {
            **os.environ,
            "LOCALPOUND_HOME": str(home.root),
            "LOCALPOUND_POSTGRES_URL": theirs.superuser_url(),
            "LOCALPOUND_KAFKA_SERVERS": theirs.kafka_servers,
            "LOCALPOUND_KAFKA_USERNAME": "admin",
            "LOCALPOUND_KAFKA_PASSWORD": theirs.kafka_password("admin"),
        }
        process = subprocess.Popen([sys.executable, "-m", "localpound", "up"], cwd=ROOT, env=settings)
        ends = time.monotonic() + 90
        while not _ready(home):
            assert process.poll() is None
            assert time.monotonic() < ends
            time.sleep(0.3)
        assert set(children.found(home)) - {"up"} == {"gateway", "contracts", "spend", "social_value", "reporting"}
        assert home.read("addresses.json")["postgres"] == f"127.0.0.1:{theirs.home.port('postgres')}"
        assert told(settings, "backup", str(tmp_path / "safe"))["kind"] == "dumps"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert told(settings, "restore", str(tmp_path / "safe"), "--replace")["verdict"] == "intact"


def told(settings: dict[str, str], *arguments: str) -> dict[str, object]:
    command = [sys.executable, "-m", "localpound", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def _ready(home: Home) -> bool:
    try:
        return all(
            httpx.get(f"{url}/ready", timeout=2, trust_env=False).status_code == 200
            for name, url in home.read("addresses.json").items()
            if name not in {"kafka", "postgres"}
        ) and bool(home.read("addresses.json"))
    except httpx.HTTPError:
        return False
