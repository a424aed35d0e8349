"""Kill and pause whatever one likes under load: nothing is lost, nothing counts twice."""

import json
import os
import random
import signal
import threading
import time
from itertools import islice
from pathlib import Path

import psutil
import pytest

from tests.builders import SALFORD
from tests.chaos.platform import Platform, platform

pytestmark = pytest.mark.chaos

SAMPLES = Path(__file__).parents[2] / "samples" / "salford"
KILLS = int(os.environ.get("LOCALPOUND_KILLS", "20"))
SEED = int(os.environ.get("LOCALPOUND_SEED", "20261123"))
VICTIMS = ("spend", "reporting", "contracts", "gateway", "social_value", "postgres", "kafka", "journal")
POSTED = 300


def payment(number: int) -> bytes:
    """A payment of its own, the same in every run."""
    return json.dumps(
        {
            "paid_on": "2022-07-01", "supplier_name": f"Supplier {number % 40} Ltd", "net": f"{number + 1}.01",
            "document_number": f"D{number}", "department": "Place", "purpose": "Materials",
        }
    ).encode()  # fmt: skip


def load(running: Platform) -> None:
    """The register, fifteen months and payments one by one, each sent until it is acknowledged."""
    numbers = iter(range(POSTED))
    register = SAMPLES / "contracts-register-2022-07.csv"
    for turn, path in enumerate(sorted(SAMPLES.glob("spend-*.csv"))):
        if turn == 7:
            running.send(
                "contracts", f"/registers?file_name={register.name}&stated_on=2022-07-01", register.read_bytes()
            )
        running.send("spend", f"/spend-files?file_name={path.name}", path.read_bytes())
        for number in islice(numbers, POSTED // 15):
            sent = running.send("spend", "/payments", payment(number), **{"Idempotency-Key": f"chaos-{number}"})
            running.acknowledged += sent["payment_ids"]


def harm(running: Platform, kills: int, done: threading.Event) -> list[str]:
    """Kill whom chance names, each kind at least once, while the load is under way and a little longer."""
    chance = random.Random(SEED)
    chosen = list(VICTIMS)
    chance.shuffle(chosen)
    killed: list[str] = []
    while len(killed) < kills:
        time.sleep(chance.uniform(0.3, 2.0) + 0.5 * done.is_set())
        name = chosen.pop() if chosen else chance.choice(VICTIMS)
        try:
            os.kill(running.pid(name), signal.SIGKILL)
            killed.append(name)
        except (ProcessLookupError, KeyError):  # it is only just being started again
            continue
    return killed


async def outcome(running: Platform) -> tuple[int, int, str]:
    running.settle()
    return await running.digest()


async def test_kills_at_random_leave_what_an_undisturbed_import_leaves(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with platform(tmp_path / "calm") as calm:
        load(calm)
        expected = await outcome(calm)
    with platform(tmp_path / "wild") as wild:
        assert wild.command("backup", str(tmp_path / "safe")).returncode == 0  # from here on there is a journal to kill
        done = threading.Event()
        killed: list[str] = []
        worker = threading.Thread(target=lambda: killed.extend(harm(wild, KILLS, done)))
        worker.start()
        load(wild)
        done.set()
        worker.join()
        assert await outcome(wild) == expected
        assert len(set(wild.acknowledged)) == POSTED
        verified = wild.command("verify", "--json")
        assert verified.returncode == 0, verified.stdout[-3000:] + verified.stderr[-1000:]
        reconciled = wild.command("reconcile", "-o", SALFORD, "--json")
        assert reconciled.returncode == 0, reconciled.stdout[-3000:]
    print(
        f"seed {SEED}: {len(killed)} kills ({', '.join(sorted(set(killed)))}), {expected[0]} payments, {expected[1]} pence"
    )
    assert len(killed) == KILLS
    assert len(VICTIMS) > KILLS or set(killed) == set(VICTIMS)
    assert expected[0] == 28_535 + POSTED


async def test_processes_that_were_paused_past_their_session_do_no_harm(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    months = sorted(SAMPLES.glob("spend-*.csv"))[:3]
    with platform(tmp_path / "paused") as running:
        for path, victim in zip(months, ("spend", "reporting", "reporting"), strict=True):
            running.send("spend", f"/spend-files?file_name={path.name}", path.read_bytes())
            paused = psutil.Process(running.pid(victim))
            paused.suspend()
            time.sleep(15)
            paused.resume()
        count, pence, _ = await outcome(running)
        assert (count, pence) == (3_086 + 1_890 + 1_548, 4_526_094_381 + 3_609_617_770 + 3_352_995_762)
        assert running.command("verify", "--json").returncode == 0
