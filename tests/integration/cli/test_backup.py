"""What was acknowledged before the loss of the database is there after a restore, to the last event."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil
import pytest
from typer.testing import CliRunner

from eventlog.sequencer import sequence_batch
from eventlog.store import EventLog
from localpound.backup import server
from localpound.commands.backup import app
from localpound.stack import children, journal
from localpound.stack.home import Home
from localpound.stack.testing import Servers, servers
from tests.builders import SALFORD, actor, cause, draft

BEFORE, AFTER = 50, 7

Events = list[tuple[int, bytes]]


async def record(url: str, first: int, payments: int) -> Events:
    """Record payments; what the log acknowledged."""
    async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
        log = EventLog("spend", pool)
        drafts = [draft(f"payment/P{number}") for number in range(first, first + payments)]
        await log.record(SALFORD, drafts, actor=actor(), cause=cause())
        async with pool.acquire() as conn:
            await sequence_batch(conn)
        return await log.read(SALFORD, 0, 1_000)


async def events_of(url: str) -> Events:
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        return await EventLog("spend", pool).read(SALFORD, 0, 1_000)


def run(home: Path, *arguments: str, expect: int = 0) -> dict[str, object]:
    result = CliRunner().invoke(app, [*arguments, "--json"], env={"LOCALPOUND_HOME": str(home)})
    assert result.exit_code == expect, result.output
    return dict(json.loads(result.stdout))


def refused(home: Path, *arguments: str) -> dict[str, str]:
    error = run(home, *arguments, expect=1)["error"]
    assert isinstance(error, dict)
    return error


@dataclass
class Stack:
    """PostgreSQL with its journal, as `up` keeps them."""

    running: Servers

    @property
    def home(self) -> Home:
        return self.running.home

    @property
    def root(self) -> Path:
        return self.home.root

    def record(self, first: int, payments: int) -> Events:
        return asyncio.run(record(self.running.url("spend", "spend"), first, payments))

    def start(self) -> None:
        """Start both again after a restore."""
        self.running.postgres.start(self.home)
        children.wait_for_port(self.running.postgres, self.home, self.home.port("postgres"))
        self.keep_journal()

    def keep_journal(self) -> None:
        journal.child(self.home).start(self.home)
        assert journal.attached(self.home)

    def lose_database(self) -> None:
        """Kill PostgreSQL and its journal where they are, and delete the database."""
        both = children.found(self.home)
        both["journal"].kill()  # first: it ends by itself when PostgreSQL does
        both["postgres"].kill()
        psutil.wait_procs(both.values(), timeout=5)
        shutil.rmtree(self.home.data / "postgres")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with servers(tmp_path_factory.mktemp("backed-up"), with_kafka=False) as running:
        running.home.secret("account-officer")
        running.home.write("addresses.json", {"postgres": f"127.0.0.1:{running.home.port('postgres')}"})
        yield Stack(running)
        children.stop(children.found(running.home))


@dataclass(frozen=True)
class Saved:
    folder: Path
    kept_in: Path
    events: Events


@pytest.fixture(scope="module")
def saved(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """A backup, and events that were acknowledged after it."""
    folder, kept_in = tmp_path_factory.mktemp("safe") / "backup", tmp_path_factory.mktemp("other-disk") / "journal"
    stack.record(0, BEFORE)
    journal.begin(stack.home, kept_in)  # as `up` does when the first backup asks for it
    stack.keep_journal()
    told = run(stack.root, "backup", str(folder), "--journal", str(kept_in))
    assert (told["kind"], told["journal"]) == ("cluster", str(kept_in))
    assert set(told["bytes"]) == {"base.tar.gz", "pg_wal.tar.gz", "backup_manifest"}  # type: ignore[call-overload]
    events = stack.record(BEFORE, AFTER)
    assert len(events) == BEFORE + AFTER
    return Saved(folder, kept_in, events)


def brought_back(root: Path) -> Events:
    with server.alone(Home(root)):
        from localpound.stack.provision import role_url

        return asyncio.run(events_of(role_url(Home(root), "spend", "spend")))


def test_another_stack_has_every_event_back_byte_for_byte(stack: Stack, saved: Saved, tmp_path: Path) -> None:
    told = run(tmp_path, "restore", str(saved.folder))
    assert (told["verdict"], told["events_after_backup"], told["journal_goes_on"]) == ("intact", AFTER, False)
    assert brought_back(tmp_path) == saved.events
    assert Home(tmp_path).secret("account-officer") == stack.home.secret("account-officer")

    there = refused(tmp_path, "restore", str(saved.folder))
    assert (there["code"], there["remedy"]) == (
        "not-empty",
        "Set LOCALPOUND_HOME to a new folder, or say --replace: the one that is there is set aside.",
    )
    assert run(tmp_path, "restore", str(saved.folder), "--replace")["verdict"] == "intact"
    assert (tmp_path / "data" / "postgres-before-restore-1" / "PG_VERSION").exists()


def test_without_the_journal_only_the_backup_is_back(saved: Saved, tmp_path: Path) -> None:
    told = run(tmp_path, "restore", str(saved.folder), "--without-journal")
    assert (told["verdict"], told["events_after_backup"]) == ("intact", None)
    assert brought_back(tmp_path) == saved.events[:BEFORE]


def test_a_journal_that_is_not_there_is_not_passed_over(saved: Saved, tmp_path: Path) -> None:
    folder = shutil.copytree(saved.folder, tmp_path / "moved")
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(str(saved.kept_in), str(tmp_path / "gone")))
    assert refused(tmp_path / "fresh", "restore", str(folder))["code"] == "no-journal"
    told = run(tmp_path / "fresh", "restore", str(folder), "--journal", str(saved.kept_in))
    assert (told["verdict"], told["events_after_backup"]) == ("intact", AFTER)


def test_a_segment_that_was_only_being_made_is_no_loss(stack: Stack, saved: Saved, tmp_path: Path) -> None:
    """The database is lost while the journal makes room for its next segment."""
    asyncio.run(write_much(stack))
    torn = shutil.copytree(saved.kept_in, tmp_path / "torn")
    journal.segments(torn)[-1].path.write_bytes(bytes(9 * 2**20))
    told = run(tmp_path / "fresh", "restore", str(saved.folder), "--journal", str(torn))
    assert (told["verdict"], told["events_after_backup"]) == ("intact", AFTER)


def test_a_journal_with_a_gap_is_refused(stack: Stack, saved: Saved, tmp_path: Path) -> None:
    asyncio.run(switch_segment(stack))
    stack.record(1_000, 1)
    holed = shutil.copytree(saved.kept_in, tmp_path / "holed")
    first = json.loads((saved.folder / "manifest.json").read_text())["journal_from"]
    next(segment for segment in journal.segments(holed) if segment.number == first).path.unlink()
    told = refused(tmp_path / "fresh", "restore", str(saved.folder), "--journal", str(holed))
    assert told["code"] == "journal-broken"


async def switch_segment(stack: Stack) -> None:
    conn = await asyncpg.connect(stack.running.superuser_url())
    await conn.execute("SELECT pg_switch_wal()")
    await conn.close()


def test_a_journal_that_was_damaged_is_a_contradiction(saved: Saved, stack: Stack, tmp_path: Path) -> None:
    asyncio.run(write_much(stack))
    damaged = shutil.copytree(saved.kept_in, tmp_path / "damaged")
    segment = journal.segments(damaged)[-2]
    with segment.path.open("r+b") as file:
        file.seek(journal.SEGMENT_BYTES // 2)
        file.write(b"\xff" * 64)
    told = run(tmp_path / "fresh", "restore", str(saved.folder), "--journal", str(damaged), expect=2)
    found = [finding for source in told["sources"] for finding in source["findings"]]  # type: ignore[attr-defined]
    assert [finding["where"] for finding in found] == ["restore"]
    assert "after the last record that could be read" in found[0]["what"]


async def write_much(stack: Stack) -> None:
    """Three segments' worth, of no importance."""
    conn = await asyncpg.connect(stack.running.superuser_url())
    await conn.execute("CREATE TABLE IF NOT EXISTS ballast (text text)")
    await conn.execute("INSERT INTO ballast SELECT repeat(md5(i::text), 30) FROM generate_series(1, 45000) AS i")
    await conn.close()


def test_a_backup_that_was_damaged_is_not_brought_back(saved: Saved, tmp_path: Path) -> None:
    folder = shutil.copytree(saved.folder, tmp_path / "damaged")
    with (folder / "base.tar.gz").open("r+b") as file:
        file.seek(500)
        file.write(b"x")
    assert refused(tmp_path / "fresh", "restore", str(folder))["code"] == "backup-damaged"


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    assert refused(tmp_path / "fresh", "restore", str(tmp_path))["code"] == "no-backup"


def test_a_backup_is_not_written_over_another(saved: Saved, stack: Stack) -> None:
    assert refused(stack.root, "backup", str(saved.folder))["code"] == "not-empty"


def test_a_running_stack_is_not_restored_into(saved: Saved, stack: Stack) -> None:
    assert refused(stack.root, "restore", str(saved.folder))["remedy"] == "Stop it first: localpound down"


def test_a_second_backup_keeps_the_journal_of_the_first_and_a_third_lets_it_go(
    saved: Saved, stack: Stack, tmp_path: Path
) -> None:
    first = json.loads((saved.folder / "manifest.json").read_text())["journal_from"]
    asyncio.run(write_much(stack))
    run(stack.root, "backup", str(tmp_path / "second"))
    assert journal.segments(saved.kept_in)[0].number <= first
    second = json.loads((tmp_path / "second" / "manifest.json").read_text())["journal_from"]
    run(stack.root, "backup", str(tmp_path / "third"))
    assert first < second == journal.segments(saved.kept_in)[0].number
    told = refused(tmp_path / "fresh", "restore", str(saved.folder))
    assert told["code"] == "journal-broken"


def test_after_two_losses_every_acknowledged_event_is_back(stack: Stack, saved: Saved, tmp_path: Path) -> None:
    folder = tmp_path / "newest"
    run(stack.root, "backup", str(folder))
    for loss in range(2):
        acknowledged = stack.record(2_000 + loss * 100, AFTER)
        stack.lose_database()
        told = run(stack.root, "restore", str(folder))
        assert (told["verdict"], told["journal_goes_on"]) == ("intact", True)
        stack.start()
        assert asyncio.run(events_of(stack.running.url("spend", "spend"))) == acknowledged


def test_nothing_is_acknowledged_before_it_is_in_the_journal(stack: Stack, saved: Saved) -> None:
    children.found(stack.home)["journal"].kill()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(stack.record, 3_000, 1)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=2)
        stack.keep_journal()
        assert waiting.result(timeout=20)[-1][1].count(b"payment/P3000") == 1


def test_a_journal_killed_while_it_made_room_for_a_segment_goes_on(stack: Stack, saved: Saved) -> None:
    was = children.found(stack.home)["journal"]
    was.kill()
    was.wait()
    newest = next(saved.kept_in.glob("*.partial"))
    newest.write_bytes(bytes(9 * 2**20))  # as pg_receivewal leaves it: zeroes, and not all of them
    stack.keep_journal()
    stack.record(950, 2)
    assert newest.with_suffix("").exists() or newest.stat().st_size == journal.SEGMENT_BYTES


def test_a_short_segment_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    held = tmp_path / "000000010000000000000006.partial"
    held.write_bytes(bytes(9 * 2**20) + b"x")
    journal.clear_unwritten(tmp_path)
    assert held.stat().st_size == 9 * 2**20 + 1


@pytest.mark.parametrize("database", ["access", "contracts", "reporting", "social_value", "spend"])
def test_the_journal_s_role_may_copy_the_journal_and_sign_in_nowhere(database: str, stack: Stack, saved: Saved) -> None:
    address = journal.environment(stack.home)
    url = f"postgresql://{address['PGUSER']}:{address['PGPASSWORD']}@127.0.0.1:{address['PGPORT']}/{database}"
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        asyncio.run(asyncpg.connect(url))
