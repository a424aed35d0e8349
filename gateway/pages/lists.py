"""What do the lists of the pages have in common? A total, filters that can be taken off, pages, a spreadsheet."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from fastapi import HTTPException

from gateway import reads
from gateway.pages.asked import TIMES, Asked
from gateway.pages.rendering import first_link, next_link
from gateway.reads import Page, PageOf
from gateway.reads.filters import LARGEST_PART

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Field:
    """A filter that can be chosen on the page."""

    name: str
    label: str
    value: str
    options: Sequence[Mapping[str, str]] = ()


def options(words: Mapping[str, str], everything: str) -> list[dict[str, str]]:
    """Choices of a filter; the first asks for everything."""
    return [{"value": "", "text": everything}] + [
        {"value": value, "text": text} for value, text in words.items() if value
    ]


def narrowed(asked: Asked, names: Mapping[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Filters in force: name, value in words, and the address without it."""
    query = {n: v for n, v in asked.request.query_params.items() if n not in {"after", *TIMES}}
    path = asked.request.url.path
    return [
        (label, value, asked.to.to(path, **{n: v for n, v in query.items() if n != name}))
        for name, (label, value) in names.items()
        if name in query
    ]


@dataclass(frozen=True, slots=True)
class Pages:
    """Addresses of a list's first page and of its next."""

    first: str | None
    next: str | None


def paging(asked: Asked, found: PageOf[Item]) -> Pages:
    """Where the rest of a list is."""
    return Pages(first_link(asked), next_link(asked, found.cursors[-1]) if found.has_next else None)


async def every(ask: Callable[[Page], Awaitable[PageOf[Item]]]) -> AsyncIterator[Item]:
    """Every item of a list, read part by part."""
    after: str | None = None
    while True:
        found = await ask(Page(first=LARGEST_PART, after=after, most=LARGEST_PART))
        for item in found.items:
            yield item
        if not found.has_next:
            return
        after = found.cursors[-1]


async def incomplete(asked: Asked, models: Sequence[str], organisation: str) -> bool:
    """Do events wait that these read models could not read? Then what they show and add up may lack something."""
    return await reads.parked(asked.db, models, organisation) > 0


async def known_organisation(asked: Asked, organisation: str) -> reads.Organisation:
    """An organisation of which the viewer may see something. Raises HTTPException (404)."""
    found = await reads.organisation(asked.db, asked.viewer, organisation, times=asked.times)
    if found is None:
        raise HTTPException(404, "There is no such organisation on record here.")
    return found
