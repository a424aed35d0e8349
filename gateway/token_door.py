"""POST /token: a key is exchanged for a token (OAuth 2.0, client credentials, RFC 6749)."""

import asyncio
import base64
import binascii
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from doors.bodies import body_of
from eventlog import clock
from eventlog.log import get_logger
from gateway.accounts import Accounts, Key
from gateway.hashing import LONGEST_SECRET, matches_soon
from gateway.tokens import LIFETIME, Tokens

FORM_LIMIT = 8_192  # bytes
PLAIN_FORM = "application/x-www-form-urlencoded"
TRIES = RateLimitItemPerMinute(240)
"""Of one client from one address: more than any honest client needs, whose token lives for ten minutes."""
WRONG_TRIES = RateLimitItemPerMinute(10)
"""Of one client from one address, with a key that is not its own."""
WITHDRAWN_FOR = LIFETIME + 60

logger = get_logger()


class TokenRefused(Exception):
    """An answer as RFC 6749, 5.2 words it."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description


def not_known() -> TokenRefused:
    """One answer for an unknown client, a wrong key and a revoked one."""
    return TokenRefused(401, "invalid_client", "This client id and key open nothing.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a token request says."""

    client_id: str
    client_secret: str
    organisation: str | None


class KeyCheck:
    """Who holds this key? Slows down whoever guesses."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def holder(self, client_id: str, secret: str, address: str) -> Key:
        """The key, when it is one. Raises TokenRefused (401, 429)."""
        who = (client_id[:100], address)
        allowed = await self._limiter.hit(TRIES, *who) and await self._limiter.test(WRONG_TRIES, "wrong", *who)
        if not allowed:
            raise TokenRefused(429, "slow_down", "Too many tries. Wait a minute.")
        key = await self._accounts.key(client_id)
        known = None if key is None or key.revoked else key
        right = len(secret) <= LONGEST_SECRET and await matches_soon(
            secret, None if known is None else known.secret_hash
        )
        if known is None or not right:
            await self._limiter.hit(WRONG_TRIES, "wrong", *who)
            raise not_known()
        return known


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def token_router(tokens: Tokens, accounts: Accounts, check: KeyCheck) -> APIRouter:
    """The doors /token and /.well-known/jwks.json."""
    router = APIRouter(tags=["tokens"])

    @router.post("/token", summary="Exchange a client's key for a token (OAuth 2.0 client credentials)")
    async def token(request: Request) -> JSONResponse:
        try:
            asked = await _asked(request)
            key = await check.holder(asked.client_id, asked.client_secret, address_of(request))
            roles = await accounts.roles(key.account)
            organisation = chosen(asked.organisation, roles)
            await _past_withdrawal(accounts, key.account)
        except TokenRefused as error:
            logger.warning("token_refused", error=error.error, status=error.status)
            return _refusal(error, request)
        answer = {
            "access_token": tokens.issue(key, organisation, roles[organisation]),
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": " ".join(roles[organisation]),
        }
        return JSONResponse(answer, headers=_PRIVATE)

    @router.get("/.well-known/jwks.json", summary="The keys that tokens are checked against")
    async def key_set() -> JSONResponse:
        withdrawn = await accounts.withdrawals(WITHDRAWN_FOR)
        # A member of our own (RFC 7517, 5 lets others ignore it): tokens of these accounts that
        # were issued earlier are void, because a key or a role was taken away since.
        return JSONResponse({**tokens.published(), "withdrawn": withdrawn}, headers={"Cache-Control": "max-age=30"})

    return router


async def _past_withdrawal(accounts: Accounts, account: str) -> None:
    """Tokens tell seconds: one issued in the very second of a withdrawal would be void with the others."""
    withdrawn = (await accounts.withdrawals(2)).get(account, 0.0)
    while int(clock.now().timestamp()) <= withdrawn:  # noqa: ASYNC110 - time gives no event
        await asyncio.sleep(0.05)


_PRIVATE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _refusal(error: TokenRefused, request: Request) -> JSONResponse:
    headers = dict(_PRIVATE)
    if error.status == 401 and "authorization" in request.headers:
        headers["WWW-Authenticate"] = 'Basic realm="localpound"'
    if error.status == 429:
        headers["Retry-After"] = "60"
    body = {"error": error.error, "error_description": error.description}
    return JSONResponse(body, status_code=error.status, headers=headers)


def chosen(organisation: str | None, roles: dict[str, list[str]]) -> str:
    """The organisation to act for. Raises TokenRefused when it must be named, or has given no role."""
    if organisation is None and len(roles) == 1:
        return next(iter(roles))
    if organisation is None and roles:
        raise TokenRefused(400, "invalid_request", "Name the organisation to act for: organisation=…")
    if organisation is None or organisation not in roles:
        raise TokenRefused(400, "invalid_scope", "This account has no role for that organisation.")
    return organisation


async def _asked(request: Request) -> Asked:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != PLAIN_FORM:
        raise TokenRefused(400, "invalid_request", f"Send a form ({PLAIN_FORM}).")
    form = _form(await body_of(request, FORM_LIMIT))
    if form.get("grant_type") != "client_credentials":
        raise TokenRefused(400, "unsupported_grant_type", "Only client_credentials is granted here.")
    client_id, secret = _client(request, form)
    return Asked(client_id, secret, form.get("organisation") or None)


def _form(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        raise TokenRefused(400, "invalid_request", "The form cannot be read.") from None
    form = dict(pairs)
    if len(form) < len(pairs) or any("\0" in value for value in form.values()):
        raise TokenRefused(400, "invalid_request", "A parameter is given twice, or holds what no parameter may.")
    return form


def _client(request: Request, form: dict[str, str]) -> tuple[str, str]:
    headers = request.headers.getlist("authorization")
    if not headers:
        if not form.get("client_id") or not form.get("client_secret"):
            raise not_known()
        return form["client_id"], form["client_secret"]
    scheme, _, encoded = headers[0].partition(" ")
    if len(headers) > 1 or "client_secret" in form:
        raise TokenRefused(400, "invalid_request", "Give the key in one way only.")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        if not colon or "\0" in client_id + secret:
            raise ValueError
    except (ValueError, binascii.Error):
        raise not_known() from None
    return unquote_plus(client_id), unquote_plus(secret)
