"""One month of spending in any shape: parts, orders, repetitions, dialects, line endings, encodings, formats."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import xlsxwriter

COLUMNS = ("Date", "Document No", "Supplier Name", "Service Area", "GL Description", "Net Amount", "VAT", "Gross")
SUPPLIERS = (
    "Schofield & Sons Ltd", "SCHOFIELD AND SONS LIMITED", "Café Olé Ltd", "REDACTED PERSONAL DATA", "Bolt; Sons",
    "St John’s Scouts", "Trafford Council", '"Quoted" plc', "=Formula Ltd",
)  # fmt: skip
PURPOSES = ("Building Repairs", "Grants", "Business Rates", "Rents", "Stationery | Paper", "Hire\tof halls")

Row = tuple[str, ...]


def pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02}"


def month(dice: Random, count: int) -> list[Row]:
    """Rows of April 2021: several lines of one document, credit notes, and identical payments among them."""
    rows: list[Row] = []
    for number in range(count):
        net = dice.choice([dice.randrange(1, 10**7), -dice.randrange(1, 10**5), 50_000])
        vat = net // 5
        rows.append(
            (
                f"{dice.randrange(1, 31):02}/04/2021", f"D{dice.randrange(number + 1)}", dice.choice(SUPPLIERS),
                dice.choice(["Place", "People", ""]), dice.choice(PURPOSES), pounds(net), pounds(vat), pounds(net + vat),
            )
        )  # fmt: skip
        if dice.random() < 0.1:
            rows.append(rows[-1])
    rows.append(("30/04/2021", "D-last", "Bolt; Sons", "", "", "1.00", "0.20", "1.20"))
    return rows


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is saved."""

    order: tuple[int, ...]
    form: str
    delimiter: str
    ending: str
    quoting: int
    encoding: str


def some_shape(dice: Random) -> Shape:
    order = list(range(len(COLUMNS)))
    dice.shuffle(order)
    return Shape(
        tuple(order), dice.choice(["csv", "csv", "csv", "xlsx", "json", "zip"]), dice.choice([",", ";", "\t", "|"]),
        dice.choice(["\n", "\r\n", "\r"]), dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        dice.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    )  # fmt: skip


def saved(rows: Sequence[Row], shape: Shape) -> bytes:
    """The rows as a file's bytes."""
    table = [[row[place] for place in shape.order] for row in (COLUMNS, *rows)]
    match shape.form:
        case "xlsx":
            return _workbook(table)
        case "json":
            return "\n".join(json.dumps(dict(zip(table[0], row, strict=True))) for row in table[1:]).encode()
        case "zip":
            packed = io.BytesIO()
            with ZipFile(packed, "w") as archive:
                archive.writestr("april.csv", _text(table, shape))
            return packed.getvalue()
        case _:
            return _text(table, shape)


def _text(table: Sequence[Sequence[str]], shape: Shape) -> bytes:
    written = io.StringIO()
    csv.writer(
        written, delimiter=shape.delimiter, lineterminator=shape.ending, quoting=shape.quoting  # type: ignore[arg-type]
    ).writerows(table)  # fmt: skip
    return written.getvalue().encode(shape.encoding)


def _workbook(table: Sequence[Sequence[str]]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "april.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
        book.close()
        return path.read_bytes()


def parts(rows: Sequence[Row], dice: Random) -> list[list[Row]]:
    """The rows cut into parts and mixed; identical payments stay in one part, which alone says that they are two."""
    count = dice.randrange(1, 6)
    of: dict[Row, int] = {}
    cut: list[list[Row]] = [[] for _ in range(count)]
    shuffled = [*rows]
    dice.shuffle(shuffled)
    for row in shuffled:
        cut[of.setdefault(row, dice.randrange(count))].append(row)
    return [part for part in cut if part]
