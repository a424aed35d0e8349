"""Lose the database under load, some time after a backup: every acknowledged event is back."""

import json
import shutil
import threading
import time
from pathlib import Path

import psutil
import pytest

from tests.builders import SALFORD
from tests.chaos.platform import Platform, localpound, platform
from tests.chaos.test_crashes import SAMPLES, payment

pytestmark = pytest.mark.chaos

MONTHS = sorted(SAMPLES.glob("spend-*.csv"))[:3]
POSTED = 60


def lose_database(running: Platform) -> None:
    """Kill PostgreSQL where it is, and everything that could start it again; delete the database."""
    for pid in (running.process.pid, running.pid("postgres")):
        psutil.Process(pid).kill()
    running.process.wait(10)
    localpound(running.home, "down")
    shutil.rmtree(running.home.data / "postgres")


def load(running: Platform, enough: threading.Event) -> None:
    """Two months more, payments beside them; each one that was acknowledged is noted."""
    for number in range(POSTED):
        if number in {10, 20}:
            path = MONTHS[number // 10]
            running.send("spend", f"/spend-files?file_name={path.name}", path.read_bytes())
        sent = running.send("spend", "/payments", payment(number), **{"Idempotency-Key": f"lost-{number}"})
        running.acknowledged += sent["payment_ids"]
    enough.set()


async def test_every_acknowledged_event_is_back_after_the_loss_of_the_database(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    home, safe, other_disk = tmp_path / "stack", tmp_path / "safe", tmp_path / "other-disk"
    with platform(home) as running:
        running.send("spend", f"/spend-files?file_name={MONTHS[0].name}", MONTHS[0].read_bytes())
        saved = running.command("backup", str(safe), "--journal", str(other_disk), "--json")
        assert saved.returncode == 0, saved.stdout + saved.stderr
        enough = threading.Event()
        loading = threading.Thread(target=load, args=(running, enough), daemon=True)
        loading.start()
        while len(running.acknowledged) < POSTED // 2:
            time.sleep(0.02)
        lose_database(running)
        acknowledged = list(running.acknowledged)
        assert not enough.is_set()

    again = localpound(running.home, "up")
    assert again.returncode == 1
    assert "The database of this stack is gone" in again.stderr.replace("\n", " ")

    restored = localpound(running.home, "restore", str(safe), "--json")
    assert restored.returncode == 0, restored.stdout[-3000:] + restored.stderr[-1000:]
    with platform(home) as running:
        running.settle()
        assert await running.payments_among(acknowledged) == len(set(acknowledged)) == len(acknowledged)
        verified = running.command("verify", "--json")
        assert verified.returncode == 0, verified.stdout[-3000:] + verified.stderr[-1000:]
        reconciled = running.command("reconcile", "-o", SALFORD, "--json")
        assert reconciled.returncode == 0, reconciled.stdout[-3000:]
    after = json.loads(restored.stdout)["events_after_backup"]
    assert after >= len(acknowledged)
    print(f"{len(acknowledged)} acknowledged payments back, {after} events after the backup")
