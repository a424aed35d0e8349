"""What table does a published file hold, whatever it was saved as? Its rows and their lines, as text."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile, ZipInfo

from doors.json_tables import lines_of_json
from doors.rows import Line, unreadable
from doors.workbooks import lines_of_workbook, unpacked_size
from schemas.cells import restored

OLD_OFFICE = b"\xd0\xcf\x11\xe0"
TWICE_ENCODED_MARK = "\ufeff".encode().decode("latin-1").encode()  # a UTF-8 mark read as Latin-1
MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 with a byte order mark"),
    (TWICE_ENCODED_MARK, "utf-8", "UTF-8 with a byte order mark encoded twice"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
WORKBOOKS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
"""What makes an archive a workbook."""
_FORMATS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
)
_TEXT_FORMATS = (("<!doctype html", "a web page"), ("<html", "a web page"), ("<?xml", "an XML document"))
# UTF-8 punctuation read as Latin-1 and written again; some publishers then lose the leading letter.
_TWICE_ENCODED = re.compile("â?\x80([\x93\x94\x98\x99\x9c\x9d\xa6])")
_MEANT = {"\x93": "–", "\x94": "—", "\x98": "‘", "\x99": "’", "\x9c": "“", "\x9d": "”", "\xa6": "…"}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff\u200b]+|\\[nr]")


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows, and how it was saved."""

    lines: Iterator[Line]
    """Every row; one in which every cell is empty has none."""
    encoding: str
    """Of its text; a spreadsheet says so itself."""


def opened(raw: bytes) -> Table:
    """The table of a file: CSV in any dialect, XLSX, XLS, ODS, JSON objects, or a zip archive of one of these.

    Told by its content. Raises BadRequest, at once or while rows are taken, with what it is and a remedy.
    """
    if raw.startswith(OLD_OFFICE):
        return Table(lines_of_workbook(raw), "XLS")
    if raw.startswith(b"PK\x03\x04"):
        return _packed(raw)
    text, encoding = decoded(raw)
    if text.lstrip().startswith(("{", "[")):
        return Table(lines_of_json(text), encoding)
    return Table(every_line_of(text), encoding)


def _packed(raw: bytes) -> Table:
    unpacked_size(io.BytesIO(raw))
    with ZipFile(io.BytesIO(raw)) as archive:
        names = _contents(archive)
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            return Table(lines_of_workbook(raw), "XLSX")
        if "content.xml" in names and b"opendocument.spreadsheet" in _mimetype(archive):
            return Table(lines_of_workbook(raw), "ODS")
        if len(names) != 1:
            what = ", ".join(names)[:200] or "nothing"
            raise unreadable(f"This archive holds {len(names)} files: {what}.", "Send them one by one.")
        try:
            content = archive.read(names[0])
        except (BadZipFile, RuntimeError, NotImplementedError, OSError):  # damaged, or under a password
            raise unreadable(f"{names[0]} cannot be unpacked.", "Send the file itself.") from None
    if content.startswith(b"PK\x03\x04") and not names[0].lower().endswith((".xlsx", ".xlsm", ".xlsb", ".ods")):
        raise unreadable("This archive holds another archive.", "Send the file itself.")
    return opened(content)


def only_text_in(archive: ZipFile) -> str | None:
    """The name of the one file in an archive, where it can be unpacked and is neither archive nor workbook."""
    names = _contents(archive)
    if len(names) != 1 or names[0] in WORKBOOKS:
        return None
    try:
        with archive.open(names[0]) as file:
            return None if file.read(8).startswith((b"PK\x03\x04", OLD_OFFICE)) else names[0]
    except (BadZipFile, RuntimeError, NotImplementedError, OSError):
        return None


def _contents(archive: ZipFile) -> list[str]:
    return [entry.filename for entry in archive.infolist() if _is_content(entry)]


def _is_content(entry: ZipInfo) -> bool:
    return not entry.is_dir() and not entry.filename.startswith("__MACOSX/")


def _mimetype(archive: ZipFile) -> bytes:
    return archive.read("mimetype")[:100] if "mimetype" in archive.namelist() else b""


def decoded(raw: bytes) -> tuple[str, str]:
    """A file's text and the name of its encoding. Raises BadRequest for what is no text."""
    check_kind(raw, "")
    text, encoding = _decoded(raw)
    if not text.strip():
        raise unreadable("This file is empty.", "Send the file that was meant.")
    check_kind(b"", text.lstrip())
    return _meant(text), encoding


def check_kind(beginning: bytes, text: str) -> None:
    """Raise BadRequest for a file that begins as something else than a table does."""
    for signature, name in _FORMATS:
        if beginning.startswith(signature):
            raise unreadable(f"This is {name}, not a CSV file.", "Save it as CSV and send that.")
    for words, name in _TEXT_FORMATS:
        if text[:20].lower().startswith(words):
            raise unreadable(f"This is {name}, not a CSV file.", "Send the CSV file itself.")


def _meant(text: str) -> str:
    return _TWICE_ENCODED.sub(lambda found: _MEANT[found[1]], text) if "\x80" in text else text


def _decoded(raw: bytes) -> tuple[str, str]:
    for mark, codec, name in MARKS:
        if raw.startswith(mark):
            return _strictly(raw[len(mark) :], codec), name
    if b"\0" in raw:
        raise unreadable("This is not text.", "Save the table as CSV in UTF-8 and send that.")
    try:
        return raw.decode("utf-8"), "ASCII" if raw.isascii() else "UTF-8"
    except UnicodeDecodeError:
        return _strictly(raw, "cp1252"), "Windows-1252"


def _strictly(raw: bytes, codec: str) -> str:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise unreadable("This text is in no encoding that is known here.", "Save the table as CSV in UTF-8.")
    return text


def every_line_of(text: str) -> Iterator[Line]:
    """All rows of a CSV text; one in which every cell is empty has none. Raises BadRequest where quoting breaks off."""
    return lines_of_text(io.StringIO(text, newline=""), delimiter_of(text.lstrip()))


def delimiter_of(text: str) -> str:
    """What parts the cells of a table's first line."""
    return max(",;\t|", key=text.partition("\n")[0].count)


def meant_lines(text: Iterable[str]) -> Iterator[str]:
    """A text's lines, with what was encoded twice as it was meant."""
    return map(_meant, text)


def lines_of_text(text: Iterable[str], delimiter: str) -> Iterator[Line]:
    """All rows of a CSV text that comes in lines. Raises BadRequest where quoting breaks off."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield Line(begins, _cells(cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(
            f"From line {begins} on this cannot be read as CSV: {error}.",
            "Put quotation marks in pairs, and save the table as CSV again.",
        ) from None


def _cells(cells: Sequence[str]) -> tuple[str, ...]:
    """A row's cells, none where all are empty; what was kept from being run as a formula is as it was."""
    together = "".join(cells)
    if not together or together.isspace():
        return ()
    return tuple(map(restored, cells)) if "'" in together else tuple(cells)


def cleaned(cell: str) -> str:
    """A cell's text on one line: no control characters, single spaces, none at the ends."""
    return " ".join(_UNPRINTABLE.sub(" ", cell).split())


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Cells without the empty ones at the end."""
    last = max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return tuple(cells[:last])
