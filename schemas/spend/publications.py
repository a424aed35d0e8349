"""What a council published of its payments, quarter by quarter: each file whole, in parts, as it was approved."""

from datetime import date

from schemas.fact import Fact


class PublicationPart(Fact, personal=("content",)):
    """A part of a published file. The parts of a file in their order, put together, are its bytes for ever."""

    publication_id: str
    """Quarter and edition, as `2021-Q2/1`."""
    file_name: str
    part: int
    """Counted from 0 within the file."""
    content: str
    """Text; the file is its UTF-8."""


class QuarterPublished(Fact, personal=("reason",)):
    """A person approved a quarter's payments for publication (Local Government Transparency Code 2015, part 2.1).

    Lists that go together have one item for each file, or for each reason. Every payment of the quarter that stands on
    record is a row of a file or is left out for a reason: their pence together are the log's.
    """

    publication_id: str
    quarter: str
    """Of the calendar year, as `2021-Q2`: April to June 2021."""
    edition: int
    """1, and one more each time the quarter is published again."""
    reason: str | None
    """Why it was published again; null for the first edition."""
    known_at: str
    """What was known then is what was published: RFC 3339, in UTC with microseconds and a Z."""
    rules_dated: date
    """Of the rules for what is published, withheld and left out."""
    file_names: tuple[str, ...]
    file_digests: tuple[str, ...]
    """SHA-256 of each file's bytes, in hexadecimal."""
    file_rows: tuple[int, ...]
    file_pence: tuple[int, ...]
    """Net pence of the rows of each file of payments; 0 for other lists."""
    left_out: tuple[str, ...]
    """Why payments of the quarter are in no file."""
    left_out_payments: tuple[int, ...]
    left_out_pence: tuple[int, ...]
    control_payments: int
    """All payments of the quarter on record."""
    control_pence: int
