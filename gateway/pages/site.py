"""Which pages are there, and what surrounds them?"""

from pathlib import Path

import asyncpg
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from eventlog.service import problem
from gateway.pages import (
    contracts,
    duplicates,
    duties,
    events,
    files,
    findings,
    ledger,
    names,
    organisations,
    outcomes,
    payments,
    publications,
    rejects,
    search,
    signing_in,
    suppliers,
    to_allocate,
    who,
)
from gateway.pages.rendering import plain_page
from gateway.policy import KeyNeeded, NotSeen
from gateway.reads import BadInput
from gateway.reads.publications import Altered, NamesWithheld

STATIC = Path(__file__).parents[1] / "static"
NAMES_WITHHELD = (
    "names a payee who was withheld after it was published. A newer edition of the quarter, where there is one, has the"
    " same payments without the name."
)
router = APIRouter(include_in_schema=False)
for part in (
    organisations,
    payments,
    contracts,
    suppliers,
    names,
    findings,
    duplicates,
    to_allocate,
    publications,
    duties,
    who,
    outcomes,
    rejects,
    files,
    ledger,
    search,
    events,
    signing_in,
):
    router.include_router(part.router)


class Files(StaticFiles):
    """Files whose addresses change with them, so that browsers may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file's answer."""
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def install(app: FastAPI) -> None:
    """Add what belongs to the application as a whole: files, and refusals that people can read."""
    app.mount("/static", Files(directory=STATIC), name="static")

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        code = "not-found" if error.status_code == 404 else "refused"
        return _refusal(request, error.status_code, code, str(error.detail))

    @app.exception_handler(KeyNeeded)
    async def key_needed(request: Request, _error: KeyNeeded) -> Response:
        return _refusal(request, 401, "unauthenticated", "This is for the organisation itself, and needs its key.")

    @app.exception_handler(NotSeen)
    async def not_seen(request: Request, _error: NotSeen) -> Response:
        return _refusal(request, 403, "forbidden", "This is for another organisation than the one you act for.")

    @app.exception_handler(BadInput)
    async def bad_input(request: Request, error: BadInput) -> Response:
        return _refusal(request, 400, "not-valid", str(error), field=error.field)

    @app.exception_handler(Altered)
    async def altered(request: Request, error: Altered) -> Response:
        return _refusal(request, 500, "altered", f"{error} is not what was approved, and is not shown.")

    @app.exception_handler(NamesWithheld)
    async def names_withheld(request: Request, error: NamesWithheld) -> Response:
        return _refusal(request, 410, "name-withheld", f"{error} {NAMES_WITHHELD}")

    @app.exception_handler(asyncpg.PostgresConnectionError)
    @app.exception_handler(asyncpg.InterfaceError)
    @app.exception_handler(asyncpg.QueryCanceledError)
    @app.exception_handler(ConnectionError)
    @app.exception_handler(TimeoutError)
    async def away(request: Request, _error: Exception) -> Response:
        answer = _refusal(request, 503, "unavailable", "The records cannot be read just now. Try again shortly.")
        answer.headers["Retry-After"] = "5"
        return answer


_TITLES = {
    400: "We cannot read that address",
    401: "Sign in to see this",
    403: "This is not yours to see",
    404: "There is no such page",
    503: "Please come back in a moment",
}


def _refusal(request: Request, status: int, code: str, message: str, field: str | None = None) -> Response:
    """A page for people, JSON for programs."""
    if "text/html" not in request.headers.get("accept", ""):
        return problem(status, code, message, field=field)
    title = _TITLES.get(status, "That did not work")
    told = message if field is None else f"{field}: {message}"
    return plain_page("refusal.html", title, status, message=told, sign_in=status in {401, 403, 404})
