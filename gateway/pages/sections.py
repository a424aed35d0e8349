"""What is a part of a page: a heading, a table, and where to find the rest."""

from dataclasses import dataclass

from gateway.pages.rendering import Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page."""

    heading: str
    table: Table
    lead: str | None = None
    more: str | None = None
    more_text: str = ""
    anchor: str | None = None
