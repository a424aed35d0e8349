"""How does a page become HTML? GOV.UK Frontend's macros, and what surrounds every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined

from gateway import money
from gateway.pages import words
from gateway.pages.asked import FORMS, TIMES, Asked
from gateway.places import name_of
from gateway.reads import Event
from gateway.reads.freshness import newest_events
from gateway.reads.times import Times

STATIC = Path(__file__).parents[1] / "static"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands at one place of a table or list."""

    text: str
    href: str | None = None
    title: str | None = None
    note: str | None = None
    """Smaller, below the text."""
    mono: bool = False
    bar: str | None = None
    """Instead of text: a bar of this many per cent."""


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column."""

    heading: str
    numeric: bool = False
    classes: str = ""
    unseen: bool = False
    """Is the heading only heard?"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    captioned: bool = False
    """Is the caption seen, or only heard?"""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way back."""

    text: str
    href: str


def pounds_cell(pence: int | None, href: str | None = None) -> Cell:
    """An exact amount."""
    return Cell("–") if pence is None else Cell(money.pounds(pence), href)


def short_cell(pence: int, href: str | None = None) -> Cell:
    """An amount in short, with the exact one in its title."""
    return Cell(money.short(pence), href, title=money.pounds(pence))


def count_cell(count: int, href: str | None = None) -> Cell:
    """A count."""
    return Cell(f"{count:,}", href)


@cache
def _environment() -> Environment:
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("gateway.pages"), macros]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=Undefined,  # the macros ask for parameters that nobody gave
    )
    environment.globals |= {"static": static, "money": money, "words": words, "name_of": name_of}
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}
    return environment


@cache
def static(name: str) -> str:
    """The address of a file of ours, which changes with the file."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class AsOf:
    """What the answers of a page stand on."""

    times: Times
    newest: Sequence[Event]


async def page(
    asked: Asked,
    template: str,
    title: str,
    *,
    organisation: str | None = None,
    here: str | None = None,
    crumbs: Sequence[Crumb] = (),
    **shown: object,
) -> HTMLResponse:
    """A page. `here` names the organisation's part, for its navigation."""
    newest = [] if organisation is None or asked.times.known_at else await newest_events(asked.db, organisation)
    html = (
        _environment()
        .get_template(template)
        .render(
            title=title,
            asked=asked,
            to=asked.to,
            organisation=organisation,
            here=here,
            crumbs=list(crumbs),
            as_of=AsOf(asked.times, newest),
            downloads=_downloads(asked) if shown.get("csv") else None,
            **shown,
        )
    )
    return HTMLResponse(html)


def plain_page(template: str, title: str, status: int, **shown: object) -> HTMLResponse:
    """A page that tells nothing of the record: a refusal, a form."""
    html = _environment().get_template(template).render(title=title, **shown)
    return HTMLResponse(html, status_code=status)


def _downloads(asked: Asked) -> Mapping[str, str]:
    """By form, where the whole list is as a spreadsheet."""
    query: Mapping[str, str] = {
        name: value for name, value in asked.request.query_params.items() if name not in {"after", *TIMES}
    }
    return {form.upper(): asked.to.to(f"{asked.request.url.path}.{form}", **query) for form in FORMS}


def next_link(asked: Asked, cursor: str) -> str:
    """The address of the part of a list after a cursor."""
    return _same_list(asked, cursor)


def first_link(asked: Asked) -> str | None:
    """The address of the list's beginning; None there."""
    return _same_list(asked, None) if asked.request.query_params.get("after") else None


def _same_list(asked: Asked, after: str | None) -> str:
    query = {n: v for n, v in asked.request.query_params.items() if n not in {"after", *TIMES}}
    return asked.to.to(asked.request.url.path, **query, after=after)


__all__ = ["AsOf", "Cell", "Column", "Crumb", "Table", "page", "plain_page"]
