"""How is a large file read, as often as it takes, without holding it? Text line by line; other formats have a limit."""

import codecs
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZipFile

from doors.problems import BadRequest
from doors.rows import Line, unreadable
from doors.tables import (
    MARKS,
    OLD_OFFICE,
    check_kind,
    delimiter_of,
    lines_of_text,
    meant_lines,
    only_text_in,
    opened,
)
from doors.workbooks import unpacked_size

LARGEST_WHOLE = 64 * 2**20
"""Bytes of a workbook or of JSON, which are read whole."""
LONGEST_LINE = 4 * 2**20
"""Characters without a line end: more are no table's."""
BLOCK = 2**20
ZIPPED = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's rows, which can be read again and again, and how it was saved."""

    lines: Callable[[], Iterator[Line]]
    """Every row; one in which every cell is empty has none. One reading at a time."""
    encoding: str


def sheet_of(file: IO[bytes]) -> Sheet:
    """The table of an open file, of the kinds of `opened`. The file stays open for as long as it is read.

    Raises BadRequest, at once or while rows are taken, with what it is and a remedy.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(BLOCK)
    if head.startswith(ZIPPED) and (unpacked := _unpacked(file)) is not None:
        return sheet_of(unpacked)
    if head.startswith((OLD_OFFICE, ZIPPED)) or size <= BLOCK:
        return _whole(file, size)
    text = _text_in(file, head)
    beginning = _text_of(file, text).read(BLOCK).lstrip()
    check_kind(head, beginning)
    if beginning.startswith(("{", "[")):
        return _whole(file, size)
    delimiter = delimiter_of(beginning)

    def lines() -> Iterator[Line]:
        found = _text_of(file, text)
        return lines_of_text(found if text.codec == "ascii" else meant_lines(found), delimiter)

    return Sheet(lines, text.name)


def _whole(file: IO[bytes], size: int) -> Sheet:
    if size > LARGEST_WHOLE:
        raise BadRequest(
            413, "too-large", f"This workbook or JSON file is larger than {LARGEST_WHOLE:,} bytes.", field="file",
            remedy="Save the table as CSV: of that, larger files are taken.",
        )  # fmt: skip
    file.seek(0)
    table = opened(file.read())
    rows = list(table.lines)
    return Sheet(lambda: iter(rows), table.encoding)


def _unpacked(file: IO[bytes]) -> IO[bytes] | None:
    """The one text in an archive, on disk; None where it holds something else."""
    unpacked_size(file)
    with ZipFile(file) as archive:
        name = only_text_in(archive)
        if name is None:
            return None
        target = TemporaryFile()  # noqa: SIM115 - it lives as long as the sheet
        with archive.open(name) as source:
            shutil.copyfileobj(source, target, BLOCK)
    target.seek(0)
    return target


@dataclass(frozen=True, slots=True)
class _Text:
    skip: int
    codec: str
    name: str


def _text_in(file: IO[bytes], head: bytes) -> _Text:
    """In which encoding a file is text, every byte of it. Raises BadRequest where it is in none."""
    for mark, codec, name in MARKS:
        if head.startswith(mark):
            if not _reads(file, len(mark), codec):
                raise unreadable("This text is in no encoding that is known here.", "Save the table as CSV in UTF-8.")
            return _Text(len(mark), codec, name)
    if _reads(file, 0, "ascii"):
        return _Text(0, "ascii", "ASCII")
    if _reads(file, 0, "utf-8"):
        return _Text(0, "utf-8", "UTF-8")
    if not _reads(file, 0, "cp1252"):
        raise unreadable("This text is in no encoding that is known here.", "Save the table as CSV in UTF-8.")
    return _Text(0, "cp1252", "Windows-1252")


def _reads(file: IO[bytes], skip: int, codec: str) -> bool:
    """Whether every byte behind `skip` is text of an encoding. Raises BadRequest for what is no table's text."""
    decoder = codecs.getincrementaldecoder(codec)()
    file.seek(skip)
    says_something, unbroken = False, 0
    try:
        while block := file.read(BLOCK):
            text = decoder.decode(block)
            if "\0" in text:
                raise unreadable("This is not text.", "Save the table as CSV in UTF-8 and send that.")
            says_something = says_something or bool(text.strip())
            last = max(text.rfind("\n"), text.rfind("\r"))
            unbroken = unbroken + len(text) if last < 0 else len(text) - last
            if unbroken > LONGEST_LINE:
                raise unreadable(f"A line of this file is longer than {LONGEST_LINE:,} characters.", "Save it as CSV.")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    if not says_something:
        raise unreadable("This file is empty.", "Send the file that was meant.")
    return True


def _text_of(file: IO[bytes], text: _Text) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(_Part(file, text.skip), BLOCK), text.codec, newline="")


class _Part(io.RawIOBase):
    """A file from a place on, read for itself: closing it leaves the file open."""

    def __init__(self, file: IO[bytes], skip: int) -> None:
        self._file = file
        file.seek(skip)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read on."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        found = self._file.read(len(view))
        view[: len(found)] = found
        return len(found)
