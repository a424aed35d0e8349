"""What stands on a page, and where does it lead?"""

import re
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple


class Link(NamedTuple):
    """A link of a page."""

    href: str
    text: str
    title: str


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Link] = []
        self._open: tuple[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self._open = (given["href"] or "", given.get("title") or "")
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open is not None:
            self.found.append(Link(self._open[0], self._text.strip(), self._open[1]))
            self._open = None


def links(html: str) -> list[Link]:
    """The links of a page."""
    reader = _Links()
    reader.feed(html)
    return reader.found


def text(html: str) -> str:
    """What is read on a page, without tags; spaces and line ends are one space."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace(" .", ".")
