"""Files that must not pass, or pass unharmed: each with what becomes of it. Amounts never shift, no row goes missing."""

import io
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doors.problems import BadRequest
from services.spend.published import intake

SAMPLES = Path(__file__).parents[3] / "samples"
HEADER = "Date,Document No,Supplier Name,Net Amount"
GOOD = "2021-04-01,D1,Acme Ltd,100.00"


@dataclass(frozen=True)
class Case:
    """A file, and what it must come to."""

    name: str
    content: bytes
    refused: str | None = None
    """How the refusal begins."""
    rows: tuple[tuple[str, int], ...] = ()
    """Supplier and pence of each row that is accepted."""
    rejected: tuple[str, ...] = ()
    """Code of each row that is not."""
    held: bool = field(default=False)


def spend(*lines: str, header: str = HEADER, end: str = "\n") -> bytes:
    return end.join([header, *lines]).encode()


def amount(text: str) -> bytes:
    return spend(GOOD, f'2021-04-02,D2,Bolt Ltd,"{text}"')


def day(text: str) -> bytes:
    return spend(GOOD, f"{text},D2,Bolt Ltd,5.00")


def packed(members: dict[str, bytes], *, encrypted: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    raw = file.getvalue()
    if encrypted:  # the flag in the local and in the central header
        raw = raw.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00")
        raw = raw.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    return raw


def lying_about_its_size() -> bytes:
    """An archive whose directory says ten bytes of a member that has a million."""
    raw = packed({"a.csv": bytes(10**6)})
    return raw.replace(struct.pack("<I", 10**6), struct.pack("<I", 10))


ACME = (("Acme Ltd", 10_000),)


def accepted(name: str, content: bytes, *rows: tuple[str, int]) -> Case:
    return Case(name, content, rows=rows or ACME)


def one_rejected(name: str, content: bytes, code: str) -> Case:
    return Case(name, content, rows=ACME, rejected=(code,))


CASES = [
    # encodings
    accepted("UTF-8 mark", b"\xef\xbb\xbf" + spend(GOOD)),
    accepted("UTF-8 mark twice", b"\xc3\xaf\xc2\xbb\xc2\xbf" + spend(GOOD)),
    accepted("UTF-16 little", b"\xff\xfe" + spend(GOOD).decode().encode("utf-16-le")),
    accepted("UTF-16 big", b"\xfe\xff" + spend(GOOD).decode().encode("utf-16-be")),
    Case("UTF-16 without mark", spend(GOOD).decode().encode("utf-16-le"), refused="This is not text."),
    accepted("Windows-1252 pound", spend("2021-04-01,D1,Acme Ltd,£100.00").decode().encode("cp1252")),
    accepted("Windows-1252 quote", "Date,Supplier,Amount\n2021-04-01,O’Neil,1.00".encode("cp1252"), ("O’Neil", 100)),
    Case("NUL within", spend("2021-04-01,D1,Ac\0me,1.00"), refused="This is not text."),
    Case("UTF-16 cut in a letter", b"\xff\xfe" + b"A\x00B", refused="This text is in no encoding"),
    # lines and cells
    accepted("carriage returns only", spend(GOOD, end="\r")),
    accepted("CRLF", spend(GOOD, end="\r\n")),
    accepted("line end within quotes", spend('2021-04-01,D1,"Acme\r\nLtd",100.00'), ("Acme\r\nLtd", 10_000)),
    accepted("comma within quotes", spend('2021-04-01,D1,"Acme, Ltd",100.00'), ("Acme, Ltd", 10_000)),
    accepted("doubled quotes", spend('2021-04-01,D1,"Acme ""A"" Ltd",100.00'), ('Acme "A" Ltd', 10_000)),
    accepted("U+2028 splits no row", spend("2021-04-01,D1,Acme\u2028Ltd,100.00"), ("Acme\u2028Ltd", 10_000)),
    accepted("NEL splits no row", spend("2021-04-01,D1,Acme\x85Ltd,100.00"), ("Acme\x85Ltd", 10_000)),
    accepted("vertical tab splits no row", spend("2021-04-01,D1,Acme\x0bLtd,100.00"), ("Acme\x0bLtd", 10_000)),
    Case("a quotation mark never closed", spend(GOOD, '2021-04-01,D2,"Acme,1.00'), refused="From line 3 on this cannot"),
    Case("text after a closing quotation mark", spend('2021-04-01,D1,"Acme"x,1.00'), refused="From line 2 on this cannot"),
    one_rejected("a cell of 200 kB", spend(GOOD, f"2021-04-02,D2,{'x' * 100_000},1.00"), "text-long"),
    one_rejected("too few fields", spend(GOOD, "2021-04-02,D2,Bolt Ltd"), "row-short"),
    one_rejected("too many fields", spend(GOOD, "2021-04-02,D2,Bolt, Ltd,1.00"), "row-long"),
    accepted("empty fields at the end", spend(GOOD + ",,,", header=HEADER + ",,,")),
    accepted("rows of nothing", spend(",,,", GOOD, ",,,", "")),
    accepted("another order of columns", spend("100.00,Acme Ltd,2021-04-01", header="Net,Supplier,Date")),
    Case("no header", GOOD.encode(), refused="This is no spend file"),
    Case("a header and nothing else", HEADER.encode()),
    Case("two differing amounts", spend("2021-04-01,A,1,2", header="Date,Supplier,Amount,Amount"), refused="This file has two"),
    # what it is not
    Case("nothing", b"", refused="This file is empty."),
    Case("spaces", b" \n \n", refused="This file is empty."),
    Case("commas", b",,,\n,,,\n", refused="This file is empty"),
    Case("a web page", b"<!DOCTYPE html><html><body>404</body></html>", refused="This is a web page"),
    Case("XML", b"<?xml version='1.0'?><rows/>", refused="This is an XML document"),
    Case("PDF", b"%PDF-1.7\n", refused="This is a PDF document"),
    Case("a picture", b"\x89PNG\r\n\x1a\n", refused="This is a picture"),
    Case("gzip", b"\x1f\x8b\x08\x00", refused="This is a gzip archive"),
    Case("a register", (SAMPLES / "salford" / "contracts-register-2022-07.csv").read_bytes(), refused="This is a contract"),
    Case("prose", b"Dear Sir,\nplease find attached\n", refused="This is no spend file"),
    # archives
    accepted("zip", packed({"april.csv": spend(GOOD)})),
    Case("two files in a zip", packed({"a.csv": b"x", "b.csv": b"y"}), refused="This archive holds 2 files"),
    Case("a zip in a zip", packed({"a.zip": packed({"b.csv": b"x"})}), refused="This archive holds another archive."),
    Case("a bomb", packed({"a.csv": bytes(600 * 2**20)}), refused="This archive unpacks to over"),
    Case("a bomb that lies", lying_about_its_size(), refused="a.csv cannot be unpacked."),
    Case("CSV under the name of a workbook", packed({"xl/workbook.xml": b"not one"}), refused="This workbook cannot be read."),
    Case("many members", packed({f"{n}.csv": b"x" for n in range(5_000)}), refused="This archive holds 5000 files"),
    accepted("a name that climbs is only a name", packed({"../../etc/april.csv": spend(GOOD)})),
    Case("encrypted", packed({"a.csv": spend(GOOD)}, encrypted=True), refused="a.csv cannot be unpacked."),
    Case("an old workbook's first bytes", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", refused="This workbook cannot be read."),
    # JSON
    accepted("objects", b'{"Date":"2021-04-01","Supplier":"Acme Ltd","Amount":"100.00"}'),
    Case("a name twice", b'{"Date":"2021-04-01","Date":"2021-04-02"}', refused="Line 1 is no row: a name is given twice."),
    Case("nested deeply", b'{"a":' * 100_000, refused="Line 1 is no row: it is nested too deeply."),
    one_rejected(
        "NaN",
        b'{"Date":"2021-04-01","Supplier":"Acme Ltd","Amount":100.00}\n{"Date":"2021-04-01","Supplier":"A","Amount":NaN}',
        "amount-unreadable",
    ),
    one_rejected(
        "1e9999",
        b'{"Date":"2021-04-01","Supplier":"Acme Ltd","Amount":100.00}\n{"Date":"2021-04-01","Supplier":"A","Amount":1e9999}',
        "amount-not-pence",
    ),
    # amounts
    *(
        Case(f"amount {text!r}", amount(text), rows=(*ACME, ("Bolt Ltd", pence)))
        for text, pence in {
            "£1,234.56": 123_456, "(123.45)": -12_345, "-0.00": 0, "0": 0, " 12.50 ": 1_250, "1234.5": 123_450,
            "£-7": -700, "1234.5000": 123_450,
        }.items()
    ),
    *(
        one_rejected(f"amount {text!r}", amount(text), code)
        for text, code in {
            "": "amount-missing", "NaN": "amount-unreadable", "Infinity": "amount-unreadable", "1e5": "amount-not-pence",
            "1.005": "amount-not-pence", "6.82121E-13": "amount-not-pence", "1 234,56": "amount-unreadable",
            "1_000.00": "amount-unreadable", "١٢٣": "amount-unreadable", "１２３": "amount-unreadable",
            "12.34.56": "amount-unreadable", "--5": "amount-unreadable", "1,23.45": "amount-unreadable",
            "€5.00": "amount-unreadable", "0x10": "amount-unreadable", "=1+1": "amount-unreadable",
            "9" * 40: "amount-unreadable", "(5": "amount-unreadable", "5-": "amount-unreadable",
        }.items()
    ),
    # days
    *(
        Case(f"day {text!r}", day(text), rows=(*ACME, ("Bolt Ltd", 500)))
        for text in ("02/04/2021", "2-Apr-21", "2021-04-02 00:00:00", "2.4.2021", "29/02/2024")
    ),
    *(
        one_rejected(f"day {text!r}", day(text), code)
        for text, code in {
            "": "date-missing", "00:00:00": "date-missing", "31/02/2021": "date-impossible", "29/02/2023": "date-impossible",
            "45689": "date-unreadable", "1617235200": "date-unreadable", "2021-04-02T09:15:00": "date-unreadable",
            "tomorrow": "date-unreadable", "0000-00-00": "date-impossible", "13/13/2021": "date-impossible",
        }.items()
    ),
    # texts that are kept as they are
    *(
        accepted(f"payee {name!r}", spend(f'2021-04-01,D1,"{name}",100.00'), (name, 10_000))
        for name in ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "Асме Ltd", "Ac\u200bme", "\u202eemcA", "Ａｃｍｅ")
    ),
    # totals
    Case("a total that fails", spend(GOOD, "Total,,,100.01"), rejected=("file-held",), held=True),
    accepted("a total that holds", spend(GOOD, "Total,,,100.00")),
]  # fmt: skip


def test_there_are_at_least_sixty_and_no_two_alike() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name[:40])
def test_a_hostile_file_comes_to_what_is_promised(case: Case) -> None:
    if case.refused is not None:
        with pytest.raises(BadRequest) as refusal:
            intake.read(case.content)
        assert refusal.value.message.startswith(case.refused)
        assert refusal.value.remedy
        return
    found = intake.read(case.content)
    assert [(row.supplier_name, row.net_pence) for row in found.rows] == list(case.rows)
    assert [reject.fault.code for reject in found.rejects] == list(case.rejected)
    assert (found.held is not None) == case.held
    assert all(reject.fault.reason and reject.fault.remedy for reject in found.rejects)


REAL = (SAMPLES / "salford" / "spend-2021-08.csv").read_bytes()[:20_000]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(REAL) - 1), st.binary(max_size=6)), min_size=1, max_size=8), st.booleans())
def test_a_real_file_that_was_damaged_anywhere_is_read_or_refused(changes: list[tuple[int, bytes]], cut: bool) -> None:
    content = bytearray(REAL)
    for place, piece in changes:
        content[place : place + len(piece)] = piece
    _reads_or_refuses(bytes(content[: changes[0][0]] if cut else content))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _reads_or_refuses(content)
    _reads_or_refuses(HEADER.encode() + b"\n" + content)
    _reads_or_refuses(b"PK\x03\x04" + content)
    _reads_or_refuses(packed({"a.csv": content}))
    _reads_or_refuses(b'{"Date":' + content)


def _reads_or_refuses(content: bytes) -> None:
    found, refusal = _read(content)
    if found is None:
        assert refusal is not None
        assert refusal.message
        assert refusal.remedy
        return
    lines = [row.line for row in found.rows] + [reject.line for reject in found.rejects]
    assert len(lines) == len(set(lines))
    assert all(isinstance(row.net_pence, int) and abs(row.net_pence) <= 10**15 for row in found.rows)


def _read(content: bytes) -> tuple[intake.SpendFile | None, BadRequest | None]:
    try:
        return intake.read(content), None
    except BadRequest as refusal:
        return None, refusal
