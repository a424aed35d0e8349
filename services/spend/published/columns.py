"""Which column of a published file means what, and why? What cannot be settled is asked, never guessed.

A name decides first, as the transparency code or a publisher writes it; then a name with a letter or two wrong; and
for a column without a name what stands in it, where only one column can be meant.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from types import MappingProxyType

from rapidfuzz.distance import OSA

from doors.problems import BadRequest
from doors.recognition import kind_of
from doors.rows import Line, name_of
from services.spend.amounts import Dates
from services.spend.published.forms import FORMS, LOOKED_AT, NAMELESS, holds
from services.spend.published.synonyms import SYNONYMS

NEEDED = {"paid_on": "a date of payment", "net": "a net amount", "supplier": "a supplier's name"}
HEADER_WITHIN = 30
"""Lines from the top among which the column names are looked for; what stands above them is a preamble."""
SHORTEST = 6
"""Letters of the shortest name that is looked for among misspelt ones; one letter may be wrong, from ten on two."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a meaning stands, and why it is taken for that."""

    place: int
    name: str
    """As published; empty where the column has none."""
    reason: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file is read."""

    header: tuple[str, ...]
    preamble: int
    """Lines above the column names."""
    columns: Mapping[str, Column]
    month_first: bool
    dates: str
    """On what evidence days and months are told apart."""

    @property
    def unused(self) -> list[str]:
        """Columns that are not read."""
        taken = {column.place for column in self.columns.values()}
        return [name.strip() for place, name in enumerate(self.header) if place not in taken and name.strip()]


Agreed = Mapping[str, Mapping[str, str]]
"""By layout id what was agreed of it: by meaning what a column is called."""


Rows = Callable[[], Iterator[Sequence[str]]]
"""Every row of a file that is as long as its header, from the first one on."""


def layout_id(header: Sequence[str]) -> str:
    """A digest of the columns' names in their order; files that share it are read alike."""
    names = [name_of(cell) for cell in _named(header)]
    return sha256(json.dumps(names).encode()).hexdigest()


def layout_of(
    lines: Callable[[], Iterator[Line]],
    given: Mapping[str, str] | None = None,
    agreed: Agreed = MappingProxyType({}),
) -> Layout:
    """Settle how a file is read; `given` says by meaning what a column is called. Raises BadRequest, which asks.

    Where nothing is given, what was agreed of the same columns holds. It is settled by the file's first rows; the
    order of days and months is confirmed by all of them (`settled_by`).
    """
    first = _first_rows(lines)
    before = _agreed_at(first, agreed) if given is None else None
    if before is not None:
        at, given, because = *before, "agreed for these columns"
    else:
        at, because = _header_at(first, given or {}), "the mapping says so"
    header = first[at].cells
    if kind_of(header) == "register" and not given:
        raise _asks("This is a contract register, not a spend file.", "Import it as a register.")

    def every_row() -> Iterator[Sequence[str]]:
        below = islice(_filled(lines), at + 1, None)
        return (line.cells for line in below if len(line.cells) >= len(_named(header)))

    rows = list(islice(every_row(), LOOKED_AT))
    columns = _given(header, given, because) if given else {}
    columns |= {
        meaning: column for meaning, column in _by_name(header, rows, every_row).items() if meaning not in columns
    }
    columns |= _by_content(header, rows, columns)
    missing = [meaning for meaning in NEEDED if meaning not in columns]
    if missing:
        raise _asks_for(header, rows, missing)
    dates = Dates()
    for row in rows:
        dates.look(row[columns["paid_on"].place])
    return Layout(tuple(header), at, columns, dates.month_first, dates.because)


def settled_by(layout: Layout, dates: Dates) -> Layout:
    """The layout with the order of days and months that all dates of the file show."""
    return replace(layout, month_first=dates.month_first, dates=dates.because)


def _first_rows(lines: Callable[[], Iterator[Line]]) -> Sequence[Line]:
    found = list(islice(_filled(lines), HEADER_WITHIN + LOOKED_AT))
    if not found:
        raise BadRequest(
            422, "not-a-spend-file", "This file is empty: it has commas and nothing between them.", field="file",
            remedy="Send the file that was meant.",
        )  # fmt: skip
    return found


def _filled(lines: Callable[[], Iterator[Line]]) -> Iterator[Line]:
    return (line for line in lines() if line.cells)


def _agreed_at(lines: Sequence[Line], agreed: Agreed) -> tuple[int, Mapping[str, str]] | None:
    for at, line in enumerate(islice(lines, HEADER_WITHIN if agreed else 0)):
        if found := agreed.get(layout_id(line.cells)):
            return at, found
    return None


def _header_at(lines: Sequence[Line], given: Mapping[str, str]) -> int:
    """The first line that names a date, an amount and a supplier; where none does, the first line."""
    wanted = {name_of(name) for name in given.values()}
    for at, line in enumerate(islice(lines, HEADER_WITHIN)):
        names = {name_of(cell) for cell in line.cells}
        if wanted and wanted <= names:
            return at
        if all(names & set(SYNONYMS[meaning]) for meaning in NEEDED) or kind_of(line.cells) == "register":
            return at
    return 0


def _named(header: Sequence[str]) -> Sequence[str]:
    """The header up to its last name."""
    return header[: max((place for place, cell in enumerate(header, 1) if cell.strip()), default=0)]


def _given(header: Sequence[str], given: Mapping[str, str], because: str) -> dict[str, Column]:
    names = [name_of(cell) for cell in header]
    columns = {}
    for meaning, name in given.items():
        if meaning not in SYNONYMS:
            known = ", ".join(SYNONYMS)
            raise BadRequest(422, "mapping", f"{meaning} is no field.", field="mapping", remedy=f"Fields are: {known}.")
        if names.count(name_of(name)) != 1:
            found = "no column" if name_of(name) not in names else "several columns"
            remedy = f"The columns are: {_listed(header)}."
            raise BadRequest(422, "mapping", f"The file has {found} called {name}.", field="mapping", remedy=remedy)
        place = names.index(name_of(name))
        columns[meaning] = Column(place, header[place].strip(), because)
    return columns


def _by_name(header: Sequence[str], rows: Sequence[Sequence[str]], every_row: Rows) -> dict[str, Column]:
    names = [name_of(cell) for cell in header]
    columns: dict[str, Column] = {}
    for meaning, synonyms in SYNONYMS.items():
        known = next((synonym for synonym in synonyms if synonym in names), None)
        if known is not None:
            columns[meaning] = Column(
                _only_one(header, every_row, known), header[names.index(known)].strip(), "by its name"
            )
    taken = {column.place for column in columns.values()}
    for meaning in SYNONYMS:
        if meaning not in columns and (place := _misspelt(names, rows, meaning, taken)) is not None:
            columns[meaning] = Column(place, header[place].strip(), "its name is misspelt")
            taken.add(place)
    return columns


def _only_one(header: Sequence[str], every_row: Rows, name: str) -> int:
    """The column of a name; of several the first, where all say the same in every row."""
    places = [place for place, cell in enumerate(header) if name_of(cell) == name]
    if len(places) > 1 and any(
        row[place] != row[places[0]] for row in every_row() for place in places[1:] if place < len(row)
    ):
        published = header[places[0]].strip()
        raise _asks(
            f"This file has two columns called {published}, which differ.", "Name each column once, and send it again."
        )
    return places[0]


def _misspelt(names: Sequence[str], rows: Sequence[Sequence[str]], meaning: str, taken: set[int]) -> int | None:
    """The only column whose name is that of a meaning but for a letter or two, and which holds such things."""
    known = {synonym for each in SYNONYMS.values() for synonym in each}
    form = FORMS.get(meaning)
    close = {
        place
        for place, name in enumerate(names)
        if place not in taken and name not in known and (form is None or holds(rows, place, form[1]))
        for synonym in SYNONYMS[meaning]
        if _is_slip(name, synonym)
    }
    return close.pop() if len(close) == 1 else None


def _is_slip(name: str, meant: str) -> bool:
    """Whether one is the other mistyped; SupplierID is no mistyped Supplier, it says something else."""
    if min(len(name), len(meant)) < SHORTEST or name.startswith(meant) or meant.startswith(name):
        return False
    most = 2 if len(meant) >= 10 else 1
    return OSA.distance(name, meant, score_cutoff=most) <= most


def _by_content(
    header: Sequence[str], rows: Sequence[Sequence[str]], columns: Mapping[str, Column]
) -> dict[str, Column]:
    """Days and amounts in columns without a name, where only one can be meant."""
    taken = {column.place for column in columns.values()}
    nameless = [place for place, cell in enumerate(header) if not cell.strip() and place not in taken]
    found: dict[str, Column] = {}
    for meaning in NAMELESS:
        what, fits = FORMS[meaning]
        fitting = [place for place in nameless if holds(rows, place, fits)]
        if meaning not in columns and len(fitting) == 1:
            found[meaning] = Column(fitting[0], "", f"it has no name, and is the only such column that holds {what}")
    return found


def _asks_for(header: Sequence[str], rows: Sequence[Sequence[str]], missing: Sequence[str]) -> BadRequest:
    """Which columns are not recognised, and which of the file's could be meant."""
    named = [place for place, cell in enumerate(header) if cell.strip()]
    maybe = [
        f"{meaning}={header[place].strip()}"
        for meaning in missing
        for place in named
        if (form := FORMS.get(meaning)) and holds(rows, place, form[1])
    ]
    wanted = " or ".join(NEEDED[meaning] for meaning in missing)
    remedy = "Name the columns as in the transparency code: PaymentDate, BeneficiaryName, Amount"
    remedy += (
        f"; or say which they are with a mapping, perhaps {', '.join(maybe)}." if maybe else "; or send a mapping."
    )
    return _asks(f"This is no spend file: no column is recognised as {wanted}. It has: {_listed(header)}.", remedy)


def _listed(header: Sequence[str]) -> str:
    return ", ".join(cell.strip() for cell in header if cell.strip())[:200]


def _asks(what: str, remedy: str) -> BadRequest:
    return BadRequest(422, "not-a-spend-file", what, field="file", remedy=remedy)
