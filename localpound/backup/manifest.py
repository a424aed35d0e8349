"""What does a backup say of itself? Its kind, its files as they were written, and what must be found after a restore."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from localpound.client import DoorError
from localpound.stack import postgres
from localpound.stack.home import Home, write_private
from localpound.verify.log_check import Head, Result
from localpound.verify.postgresql import PostgresSource
from localpound.verify.run import Verification, schema_digests, verify

FORMAT = 2
NAME = "manifest.json"
KEYS = "keys"
SECRETS = ("signing-key.json", "account-*", "postgres")
WITH_LOGS = ("contracts", "spend", "social_value", "access")

Kind = Literal["cluster", "dumps"]
Logs = dict[str, tuple[int, str | None]]
"""`organisation/service` → size and root."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    kind: Kind
    parts: tuple[Part, ...]
    logs: Logs
    journal: str | None = None
    """The folder where what came after the backup is found."""
    journal_from: int | None = None
    """The number of the first journal segment that is needed."""


def part(path: Path) -> Part:
    """A file as it lies there; from now on for its owner's eyes only."""
    path.chmod(0o600)
    return Part(path.name, path.stat().st_size, digest_of(path))


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    total = sha256()
    with path.open("rb") as file:
        while piece := file.read(2**20):
            total.update(piece)
    return total.hexdigest()


def write(folder: Path, manifest: Manifest) -> None:
    """Written last: a folder without it is no backup."""
    content = {"format": FORMAT, **asdict(manifest)}
    (folder / NAME).write_text(json.dumps(content, indent=2) + "\n")


def read(folder: Path) -> Manifest:
    """The manifest, every file being as it says. Raises DoorError."""
    path = folder / NAME
    if not path.exists():
        raise DoorError("no-backup", f"{folder} is no backup, or one that was broken off: it has no {NAME}.")
    content = json.loads(path.read_text())
    if content.pop("format") != FORMAT:
        raise DoorError("backup-format", f"{folder} was written by another release: bring it back with that one.")
    parts = tuple(Part(**each) for each in content.pop("parts"))
    for each in parts:
        if not (folder / each.file).exists() or digest_of(folder / each.file) != each.sha256:
            raise DoorError("backup-damaged", f"{each.file} is not as it was written: its digest is another.")
    logs: Logs = {name: (size, root) for name, (size, root) in content.pop("logs").items()}
    return Manifest(parts=parts, logs=logs, **content)


def logs_of(home: Home) -> Logs:
    """Every log's size and root at present."""
    found: list[Head] = []
    for service in WITH_LOGS:
        with PostgresSource(service, postgres.superuser_url(home, service)) as source:
            found += source.heads()
    return {f"{head.organisation}/{head.service}": (head.size or 0, _text(head.root)) for head in found}


def _text(root: bytes | None) -> str | None:
    return None if root is None else b64encode(root).decode()


def verify_restored(home: Home) -> list[Verification]:
    """Recompute every log of every database."""
    found = []
    for service in WITH_LOGS:
        with PostgresSource(service, postgres.superuser_url(home, service)) as source:
            found.append(verify(source, schema_digests()))
    return found


def missing_from(results: Sequence[Result], logs: Logs) -> list[str]:
    """What the manifest promises and the restored logs do not have; they may have more than it says."""
    restored = {result.log: result for result in results}
    found = []
    for name, (size, root) in sorted(logs.items()):
        result = restored.get(name)
        events = result.events if result else 0
        if events < size:
            found.append(f"{name}: {size:,} events were promised, {events:,} are back")
        elif result is not None and events == size and root not in {None, _text(result.root)}:
            found.append(f"{name}: its root is not the one that was promised")
    return found


def save_keys(home: Home, folder: Path) -> None:
    """Copy the accounts' keys, the key that signs tokens and PostgreSQL's own password; for their owner's eyes only."""
    (folder / KEYS).mkdir(mode=0o700, exist_ok=True)
    for pattern in SECRETS:
        for path in sorted((home.root / "secrets").glob(pattern)):
            write_private(folder / KEYS / path.name, path.read_text())


def restore_keys(home: Home, folder: Path) -> None:
    """Put the keys back; one that is there already is replaced, because the accounts are."""
    for path in sorted((folder / KEYS).glob("*")):
        write_private(home.root / "secrets" / path.name, path.read_text())
