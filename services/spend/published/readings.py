"""The rows of a file as they were read, on disk: read once, however often they are looked at, and never all in memory."""

from collections.abc import Iterator
from tempfile import TemporaryFile

import msgspec

from services.spend.published.rows import Reject, Row

ROWS = 500
CHARACTERS = 250_000
"""Rows, and characters of rows, that are written and read together."""
LENGTH = 4
"""Bytes that say how long what follows is."""


class Part(msgspec.Struct, array_like=True, gc=False):
    """Some rows that stand together in a file: those that could be read, those that could not, how long they are."""

    rows: list[Row]
    rejects: list[Reject]
    characters: int = 0

    def __len__(self) -> int:
        return len(self.rows) + len(self.rejects)

    def add(self, read: Row | Reject, characters: int) -> None:
        """Put one more at the end."""
        (self.rows if isinstance(read, Row) else self.rejects).append(read)  # type: ignore[arg-type]
        self.characters += characters

    def extend(self, other: "Part") -> None:
        """Put another part's at the end."""
        self.rows += other.rows
        self.rejects += other.rejects
        self.characters += other.characters


_write = msgspec.msgpack.Encoder().encode
_read = msgspec.msgpack.Decoder(Part).decode


class StoredRows:
    """Written once from the first to the last, then read as often as is wanted; one reading at a time."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - it goes with the last who looks at it
        self._part = Part([], [])

    def add(self, read: Row | Reject, characters: int) -> None:
        """Keep one row more."""
        self._part.add(read, characters)
        if len(self._part) >= ROWS or self._part.characters >= CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Write what is in memory."""
        content = _write(self._part)
        self._file.write(len(content).to_bytes(LENGTH, "big") + content)
        self._part = Part([], [])

    def parts(self) -> Iterator[Part]:
        """All of them, in order."""
        self._file.seek(0)
        while length := self._file.read(LENGTH):
            yield _read(self._file.read(int.from_bytes(length, "big")))
