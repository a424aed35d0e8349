"""A backup and a restore from their first step to their last."""

from dataclasses import dataclass
from pathlib import Path

from localpound.backup import cluster, dumps, manifest, server
from localpound.backup.cluster import Progress
from localpound.backup.manifest import Manifest
from localpound.client import DoorError
from localpound.stack import given
from localpound.stack.home import Home
from localpound.stack.journal import Segment
from localpound.verify.findings import contradiction
from localpound.verify.run import Verification


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back."""

    verified: list[Verification]
    """Every log recomputed; last, what contradicts the backup's promises."""
    after_backup: int | None
    """Events that were recorded after the backup; None where no journal was taken in."""
    journal_goes_on: bool
    kafka_aside: Path | None


def back_up(home: Home, folder: Path, journal: Path | None, progress: Progress) -> Manifest:
    """Write a running stack's databases and keys into a new or empty folder. Raises DoorError."""
    if folder.exists() and any(folder.iterdir()):
        raise DoorError("not-empty", f"{folder} is not empty.", detail={"remedy": "Name a new folder."})
    if not home.read("addresses.json"):
        raise DoorError("not-running", "No localpound is running here.", detail={"remedy": "localpound up"})
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    saved = dumps.write(home, folder) if given.postgres_url() else cluster.write(home, folder, journal, progress)
    manifest.save_keys(home, folder)
    manifest.write(folder, saved)
    return saved


def restore(home: Home, folder: Path, journal: Path | None, *, without_journal: bool, replace: bool) -> Restored:
    """Bring a backup and its journal back into a stack that is down, and recompute every log. Raises DoorError."""
    saved = manifest.read(folder)
    kept_in = None if without_journal or saved.journal is None else _journal(journal or Path(saved.journal))
    segments: list[Segment] = []
    if saved.kind == "cluster":
        segments = cluster.bring_back(home, folder, saved, kept_in, replace=replace)
        manifest.restore_keys(home, folder)
    goes_on = False
    with server.alone(home):
        if saved.kind == "cluster":
            unread = cluster.not_taken_in(home, segments)
            goes_on = cluster.go_on(home, kept_in)
        else:
            dumps.bring_back(home, folder, replace=replace)
            manifest.restore_keys(home, folder)
            unread = []
        kafka_aside = server.set_kafka_aside(home)
        for service in manifest.WITH_LOGS:
            server.give_places(home, service)
        verified = manifest.verify_restored(home)
    logs = [log for each in verified for log in each.logs]
    absent = [*unread, *manifest.missing_from(logs, saved.logs)]
    promises = Verification("the backup's promises", (), tuple(contradiction("restore", what) for what in absent))
    promised = sum(size for size, _ in saved.logs.values())
    after = sum(log.events for log in logs) - promised if kept_in else None
    return Restored([*verified, promises], after, goes_on, kafka_aside)


def _journal(folder: Path) -> Path:
    if folder.is_dir():
        return folder.absolute()
    remedy = "Say where it is: --journal DIR; or --without-journal: what was recorded after the backup is then lost."
    raise DoorError("no-journal", f"The journal {folder} is not there.", detail={"remedy": remedy})
