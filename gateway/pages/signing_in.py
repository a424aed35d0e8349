"""How does a person sign in, choose for whom to act, and leave again?"""

from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from doors.bodies import body_of
from gateway.pages.asked import COOKIE, Asked, asked
from gateway.pages.rendering import Cell, page, plain_page
from gateway.places import name_of
from gateway.roles import PLATFORM
from gateway.token_door import TokenRefused, address_of
from gateway.tokens import VISIT

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
FORM_LIMIT = 8_192
SEE_OTHER = 303


@router.get("/sign-in")
async def form() -> HTMLResponse:
    """Ask for client id and key."""
    return plain_page("sign_in.html", "Sign in", 200, error=None)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Open a visit for whoever holds the key."""
    given = await _form(request)
    try:
        key = await request.app.state.key_check.holder(
            given.get("client_id", "").strip(), given.get("client_secret", "").strip(), address_of(request)
        )
    except TokenRefused as error:
        return plain_page("sign_in.html", "Sign in", error.status, error=error.description)
    roles = await request.app.state.accounts.roles(key.account)
    if not roles:
        message = "This account has no role for any organisation."
        return plain_page("sign_in.html", "Sign in", 403, error=message)
    first = min(roles)
    answer = RedirectResponse("/visit" if len(roles) > 1 else _start(first), SEE_OTHER)
    _remember(request, answer, request.app.state.tokens.open_visit(key, first))
    return answer


@router.get("/visit")
async def visit(asked: Ask) -> Response:
    """Who is signed in, and for whom they act."""
    if asked.visit is None:
        return RedirectResponse("/sign-in", SEE_OTHER)
    roles = await asked.request.app.state.accounts.roles(asked.visit.account)
    rows = [
        ("Account", Cell(asked.visit.account)),
        ("Acting for", Cell(_name(asked.visit.organisation), _start(asked.visit.organisation))),
        ("Roles", Cell(", ".join(sorted(asked.viewer.roles)) or "none any more")),
    ]
    choices = [{"value": organisation, "text": _name(organisation)} for organisation in sorted(roles)]
    return await page(
        asked, "visit.html", "Your visit", rows=rows, choices=choices, acting_for=asked.visit.organisation
    )


@router.post("/visit")
async def act_for(request: Request, asked: Ask) -> Response:
    """Act for another organisation from now on."""
    organisation = (await _form(request)).get("organisation", "")
    if asked.visit is None:
        return RedirectResponse("/sign-in", SEE_OTHER)
    roles = await request.app.state.accounts.roles(asked.visit.account)
    key = await request.app.state.accounts.key(asked.visit.client_id)
    if key is None or organisation not in roles:
        raise HTTPException(403, "Your account has no role for that organisation.")
    answer = RedirectResponse(_start(organisation), SEE_OTHER)
    _remember(request, answer, request.app.state.tokens.open_visit(key, organisation))
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the visit."""
    await _form(request)
    answer = RedirectResponse("/", SEE_OTHER)
    answer.delete_cookie(COOKIE)
    return answer


def _remember(request: Request, answer: Response, token: str) -> None:
    https = request.app.state.settings.public_url.startswith("https:")
    answer.set_cookie(COOKIE, token, max_age=VISIT, httponly=True, samesite="lax", secure=https)


def _start(organisation: str) -> str:
    return (
        "/" if organisation == PLATFORM or not organisation.startswith("GB-LAE-") else f"/organisations/{organisation}"
    )


def _name(organisation: str) -> str:
    return "the platform" if organisation == PLATFORM else name_of(organisation)


async def _form(request: Request) -> dict[str, str]:
    """The form, if it was sent from one of our own pages. Raises HTTPException (400, 403)."""
    if not _from_here(request):
        raise HTTPException(403, "This form was not sent from a page of this site.")
    try:
        text = (await body_of(request, FORM_LIMIT)).decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError:
        raise HTTPException(400, "The form cannot be read.") from None


def _from_here(request: Request) -> bool:
    """Did the browser say that the form came from here? Browsers say so in one header or the other."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
