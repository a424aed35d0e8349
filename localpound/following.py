"""How far has a file come that is being sent? The service is asked, and says rows, not bytes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import IO

from localpound.client import Client, DoorError

ASK_EVERY = 1.0  # seconds
LARGE = 2**21
"""Bytes of a file that takes long enough to be asked about."""
FOLLOWED = "/spend-files"
"""The door that says how far a file has come."""

Told = Callable[[str], None]


@contextmanager
def following(client: Client, process: str, path: str, file: Path, organisation: str, told: Told) -> Iterator[None]:
    """Tell in words how far a large file has come, for as long as it is being sent."""
    if path != FOLLOWED or file.stat().st_size < LARGE:
        yield
        return
    done = Event()

    def follow() -> None:
        with file.open("rb") as opened:
            file_id = _digest(opened)
        while not done.wait(ASK_EVERY):
            try:
                answer = client.get(process, f"{path}/{file_id}/progress", organisation=organisation).json()
            except DoorError:
                continue  # whoever sends the file finds out, and says so
            told(in_words(answer))

    thread = Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=ASK_EVERY)


def _digest(opened: IO[bytes]) -> str:
    hashed = sha256()
    while block := opened.read(2**20):
        hashed.update(block)
    return hashed.hexdigest()


def in_words(answer: dict[str, object]) -> str:
    """`checking, 120,000 rows read`; `recording, 40,000 of 1,000,000 rows`."""
    rows, read, decided = answer.get("rows"), answer.get("rows_read"), answer.get("rows_decided")
    match answer.get("state"):
        case "checking":
            return f"checking, {read:,} rows read"
        case "recording":
            return f"recording, {decided:,} of {rows:,} rows"
        case "recorded":
            return f"recorded, {rows:,} rows"
        case _:
            return "sending"
