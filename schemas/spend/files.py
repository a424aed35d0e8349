"""What became of a spend file, of each of its rows that could not be put on the record, and of how it is read."""

from schemas.fact import Fact


class SpendFileReceived(Fact):
    """A spend file was read whole; the counts say what became of each of its rows."""

    file_id: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    file_name: str
    byte_count: int
    period: str
    """The published period, as `2021-04`."""
    encoding: str
    read_rows: int
    new_rows: int
    known_rows: int
    corrected_rows: int
    rejected_rows: int
    read_pence: int
    """Net pence of all rows whose amount could be read."""
    new_pence: int
    known_pence: int
    corrected_pence: int
    rejected_pence: int
    """Net pence of the rejected rows whose amount could be read."""
    unreadable_rows: int
    """Rejected rows whose amount could not be read: their pence are unknown and in no total."""


class SpendLayoutAgreed(Fact):
    """A person said what columns of a publisher's files mean; files with the same columns are read so from now on."""

    layout_id: str
    """SHA-256 of the columns' names in their order, in hexadecimal."""
    header: tuple[str, ...]
    """The columns' names as published."""
    fields: tuple[str, ...]
    """What was named, each the meaning of the column at the same place of `columns`."""
    columns: tuple[str, ...]


class RowRejected(Fact, personal=("value",)):
    """A row of a spend file could not be put on the record; it is kept so that it can be mended."""

    file_id: str
    line: int
    """Line of the file on which the row begins, counted from 1."""
    field: str
    value: str
    code: str
    reason: str
    remedy: str
    net_pence: int | None
    """Null when the amount could not be read."""


class RejectedRowKept(Fact, personal=("cells",)):
    """A rejected row as it was published, so that it can be mended and sent again."""

    file_id: str
    line: int
    """Line of the file on which the row begins, counted from 1."""
    header: tuple[str, ...]
    """The names of the file's columns."""
    cells: tuple[str, ...]
    """What stands in them."""


class RowResubmitted(Fact):
    """A rejected row was mended and came again in another file."""

    file_id: str
    """The file in which the row was rejected."""
    line: int
    by_file_id: str
    """The file in which it came again."""
    by_line: int
    payment_id: str | None
    """The payment that it is on the record as; null when it was rejected there too."""
