"""What was acknowledged before a backup is there after the loss of everything."""

import asyncio
import json
import shutil
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from eventlog.sequencer import sequence_batch
from eventlog.store import EventLog
from localpound.commands.backup import app
from localpound.stack.home import Home
from localpound.stack.testing import Servers
from tests.builders import SALFORD, actor, cause, draft
from tests.conftest import emptied

PAYMENTS = 50


async def write(running: Servers) -> list[tuple[int, bytes]]:
    for database in ("access", "contracts", "social_value", "spend"):
        await emptied(running, database)
    async with asyncpg.create_pool(running.url("spend", "spend"), min_size=1, max_size=2) as pool:
        log = EventLog("spend", pool)
        drafts = [draft(f"payment/P{number}") for number in range(PAYMENTS)]
        await log.record(SALFORD, drafts, actor=actor(), cause=cause())
        async with pool.acquire() as conn:
            await sequence_batch(conn)
        return await log.read(SALFORD, 0, 100)


async def read(home: Home) -> list[tuple[int, bytes]]:
    from localpound.stack.provision import role_url

    async with asyncpg.create_pool(role_url(home, "spend", "spend"), min_size=1, max_size=1) as pool:
        return await EventLog("spend", pool).read(SALFORD, 0, 100)


def run(home: Path, *arguments: str, expect: int = 0) -> dict[str, object]:
    result = CliRunner().invoke(app, [*arguments, "--json"], env={"LOCALPOUND_HOME": str(home)})
    assert result.exit_code == expect, result.output
    return dict(json.loads(result.stdout))


@pytest.fixture
def backed_up(running: Servers, tmp_path: Path) -> tuple[Path, list[tuple[int, bytes]]]:
    events = asyncio.run(write(running))
    running.home.secret("account-officer")
    running.home.write("addresses.json", {"postgres": f"127.0.0.1:{running.home.port('postgres')}"})
    told = run(running.home.root, "backup", str(tmp_path / "safe"))
    assert set(told["bytes"]) == {"access", "contracts", "reporting", "social_value", "spend"}  # type: ignore[call-overload]
    return tmp_path / "safe", events


def test_a_new_stack_has_every_event_back_byte_for_byte(
    running: Servers, backed_up: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path
) -> None:
    from localpound.backup import postgres_alone

    folder, events = backed_up
    assert len(events) == PAYMENTS
    fresh = tmp_path / "fresh"
    told = run(fresh, "restore", str(folder))
    assert told["verdict"] == "intact"
    home = Home(fresh)
    with postgres_alone(home):
        assert asyncio.run(read(home)) == events
    assert home.secret("account-officer") == running.home.secret("account-officer")

    refused = run(fresh, "restore", str(folder), expect=1)
    assert refused["error"] == {
        "code": "not-empty",
        "message": "This stack has 50 events in spend.",
        "remedy": "Set LOCALPOUND_HOME to a new folder, or say --replace to lose them.",
    }
    assert run(fresh, "restore", str(folder), "--replace")["verdict"] == "intact"


def test_a_backup_that_was_damaged_is_not_brought_back(
    backed_up: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path
) -> None:
    folder = shutil.copytree(backed_up[0], tmp_path / "damaged")
    with (folder / "spend.dump").open("r+b") as file:
        file.seek(500)
        file.write(b"x")
    refused = run(tmp_path / "fresh", "restore", str(folder), expect=1)
    assert refused["error"]["code"] == "backup-damaged"  # type: ignore[index]


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    refused = run(tmp_path / "fresh", "restore", str(tmp_path), expect=1)
    assert refused["error"]["code"] == "no-backup"  # type: ignore[index]


def test_a_backup_is_not_written_over_another(
    backed_up: tuple[Path, list[tuple[int, bytes]]], running: Servers
) -> None:
    refused = run(running.home.root, "backup", str(backed_up[0]), expect=1)
    assert refused["error"]["code"] == "not-empty"  # type: ignore[index]


def test_a_running_stack_is_not_restored_into(
    backed_up: tuple[Path, list[tuple[int, bytes]]], running: Servers
) -> None:
    refused = run(running.home.root, "restore", str(backed_up[0]), expect=1)
    assert refused["error"]["remedy"] == "Stop it first: localpound down"  # type: ignore[index]
