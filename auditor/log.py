"""The log of an organisation as files (C2SP tlog-tiles), and the Merkle tree over it (RFC 6962, 2.1)."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Unreadable(Exception):
    """The files are not what they should be."""


def entries(folder: Path, size: int) -> Iterator[bytes]:
    """Every event's bytes, in the order of the log. Raises Unreadable."""
    for bundle in range((size + 255) // 256):
        width = min(256, size - 256 * bundle)
        name = "/".join([*(f"x{part:03}" for part in _thousands(bundle)[:-1]), f"{_thousands(bundle)[-1]:03}"])
        path = folder / "tile" / "entries" / (name if width == 256 else f"{name}.p/{width}")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise Unreadable(f"{path} cannot be read") from error
        at = 0
        for _ in range(width):
            length = int.from_bytes(content[at : at + 2], "big")
            entry = content[at + 2 : at + 2 + length]
            if len(entry) != length or length == 0:
                raise Unreadable(f"{path} ends in the middle of an event")
            yield entry
            at += 2 + length
        if at != len(content):
            raise Unreadable(f"{path} holds more than its events")


def _thousands(number: int) -> list[int]:
    parts = [number % 1000]
    while number := number // 1000:
        parts.insert(0, number % 1000)
    return parts


class Tree:
    """The root over leaves as they come (RFC 6962, 2.1)."""

    def __init__(self) -> None:
        self._full: list[tuple[int, bytes]] = []
        """Roots of complete subtrees, the largest first, with their heights."""

    def add(self, entry: bytes) -> None:
        """Take in one more leaf."""
        height, node = 0, hashlib.sha256(b"\x00" + entry).digest()
        while self._full and self._full[-1][0] == height:
            _, left = self._full.pop()
            height, node = height + 1, hashlib.sha256(b"\x01" + left + node).digest()
        self._full.append((height, node))

    def root(self) -> bytes:
        """The head over all leaves so far."""
        if not self._full:
            return hashlib.sha256(b"").digest()
        node = self._full[-1][1]
        for _, left in reversed(self._full[:-1]):
            node = hashlib.sha256(b"\x01" + left + node).digest()
        return node


def events(folder: Path, organisation: str, faults: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every event with its position; what contradicts the checkpoint or itself is added to the faults. Raises Unreadable."""
    log = folder / "spend" / organisation
    try:
        origin, size, root, *_ = (log / "checkpoint").read_text().splitlines()
        stated_root, count = base64.b64decode(root, validate=True), int(size)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{log / 'checkpoint'} is no checkpoint") from error
    tree, versions = Tree(), Counter[str]()
    if origin != f"localpound/{organisation}/spend":
        faults.append(f"the checkpoint is of {origin}")
    for position, entry in enumerate(entries(log, count)):
        tree.add(entry)
        event = json.loads(entry)
        stream = event["subject"]
        versions[stream] += 1
        if event["streamversion"] != versions[stream]:
            faults.append(f"event {position} is version {event['streamversion']} of {stream}, not {versions[stream]}")
        if event["source"] != f"/organisations/{organisation}/spend":
            faults.append(f"event {position} is of {event['source']}")
        yield position, event
    if tree.root() != stated_root:
        faults.append("the tree over the events is not that of the checkpoint")
