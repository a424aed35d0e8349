"""Who asks a page, and as of when?"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import asyncpg
from fastapi import Request

from eventlog.credentials import Credential, NotAllowed, credential_of
from gateway.pages.links import Links
from gateway.pages.spreadsheets import Form
from gateway.policy import Viewer, sees_whole, viewer_of
from gateway.reads import BadInput, Page
from gateway.reads.times import Times
from gateway.tokens import Visit

COOKIE = "localpound_visit"
ROWS = 50
"""Rows of a page of a list."""
LONGEST = 200
TIMES = ("as_known_at", "as_of")
"""How an address says of which times a page is asked."""
FORMS: tuple[Form, ...] = ("csv", "xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for a page, understood."""

    request: Request
    db: asyncpg.Pool
    viewer: Viewer
    visit: Visit | None
    times: Times
    to: Links

    def sees_whole(self, organisation: str) -> bool:
        """Does the viewer see all that an organisation has on record?"""
        return sees_whole(self.viewer, organisation)

    def text(self, name: str) -> str | None:
        """A parameter of the address, trimmed; None when it is not there or empty. Raises BadInput."""
        value = self.request.query_params.get(name, "").strip()
        if len(value) > LONGEST or "\0" in value:
            raise BadInput(name, f"Use at most {LONGEST} characters.")
        return value or None

    def page(self, first: int = ROWS) -> Page:
        """The part of a list that is asked for."""
        return Page(first=first, after=self.request.query_params.get("after") or None)

    @property
    def download(self) -> Form | None:
        """As what spreadsheet the list is asked for, if as one."""
        for form in FORMS:
            if self.request.url.path.endswith(f".{form}") or self.request.query_params.get("format") == form:
                return form
        return None


async def asked(request: Request) -> Asked:
    """FastAPI dependency. Raises BadInput for a time that is none, NotAllowed for a bad token."""
    visit, credential = await _visitor(request)
    known, until = (request.query_params.get(name, "").strip() for name in TIMES)
    return Asked(
        request=request,
        db=request.app.state.reads,
        viewer=viewer_of(credential),
        visit=visit,
        times=Times(instant(known) if known else None, last_day(until) if until else None),
        to=Links(known, until),
    )


async def _visitor(request: Request) -> tuple[Visit | None, Credential | None]:
    """By token, as a machine; by cookie, as a person who signed in; or nobody in particular."""
    if "authorization" in request.headers:
        return None, await credential_of(request)
    cookie = request.cookies.get(COOKIE)
    visit = request.app.state.tokens.visit(cookie) if cookie else None
    if visit is None:
        return None, None
    credential = await request.app.state.verifier.allowed(visit)
    return (None, None) if credential is None else (visit, credential)


def instant(text: str) -> datetime:
    """A day (its end), or a day and time; UTC where no zone is said. Raises BadInput."""
    try:
        if len(text) == len("2026-03-31"):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        found = datetime.fromisoformat(text.replace(" ", "+", 1) if "T" in text else text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("as_known_at", "Give a day and time, as 2026-03-31T17:00.") from None


def last_day(text: str) -> date:
    """The last day whose payments count. Raises BadInput."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("as_of", "Give a day, as 2026-03-31.") from None


__all__ = ["COOKIE", "Asked", "NotAllowed", "asked", "instant", "last_day"]
