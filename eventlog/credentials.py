"""Who asks? Every service checks tokens by itself, against the gateway's published keys."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from eventlog.envelope import Actor

ISSUER = AUDIENCE = "localpound"
ALGORITHM = "Ed25519"
ACCEPTED = (ALGORITHM, "EdDSA")
"""RFC 9864 names the curve; the second is how tokens said it that were signed before, good for at most a visit."""
FRESH = 30.0  # seconds for which fetched keys are believed without asking again
STALE = 600.0  # seconds for which they are believed while the gateway does not answer
AGAIN = 5.0  # seconds between two questions about a key that is not known


class NotAllowed(Exception):
    """The door does not open: 401 without a valid token, 403 without the role."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def unauthenticated() -> NotAllowed:
    """One answer for every bad token, so that nothing can be learnt from the difference."""
    return NotAllowed(401, "unauthenticated", "A valid access token is needed.")


@dataclass(frozen=True, slots=True)
class Credential:
    """A person or a named machine, acting for one organisation at a time."""

    account: str
    person: str | None
    organisation: str
    roles: frozenset[str]

    def actor(self, role: str) -> Actor:
        """Who acts, in which of its roles. Raises NotAllowed when it does not hold the role."""
        if role not in self.roles:
            raise NotAllowed(403, "forbidden", f"The role {role} is needed.")
        return Actor(account=self.account, person=self.person, role=role, organisation=self.organisation)


@dataclass(frozen=True, slots=True)
class Published:
    """What the gateway publishes: its keys, and accounts whose earlier tokens are void."""

    keys: KeySet
    withdrawn: Mapping[str, float]
    """Account → when a key or a role was taken from it (Unix time)."""


class TokenVerifier:
    """Checks access tokens (RFC 9068's claims, Ed25519) against what the gateway publishes.

    What was fetched is believed for half a minute, so that a key or role that was taken away opens
    nothing for longer; while the gateway is away, it is believed for as long as a token lives.
    """

    def __init__(self, keys_url: str) -> None:
        self._url = keys_url
        self._published: Published | None = None
        self._fetched = self._tried = -STALE
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> Credential:
        """The credential a token stands for. Raises NotAllowed (401)."""
        try:
            return self._read(token, await self._known(FRESH))
        except (JoseError, ValueError, KeyError, TypeError):
            pass
        try:  # perhaps a key that is newer than our copy
            return self._read(token, await self._known(AGAIN))
        except (JoseError, ValueError, KeyError, TypeError):
            raise unauthenticated() from None

    def _read(self, token: str, published: Published) -> Credential:
        claims = jwt.decode(token, published.keys, algorithms=ACCEPTED).claims
        registry = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            org={"essential": True},
        )
        registry.validate(claims)
        if claims["iat"] <= published.withdrawn.get(claims["sub"], -1.0):
            raise ValueError("issued before a key or role was taken away")
        return Credential(claims["sub"], claims.get("person"), claims["org"], frozenset(claims.get("roles", ())))

    async def _known(self, age: float) -> Published:
        async with self._lock:
            now = time.monotonic()
            if self._published is None or (now - self._fetched > age and now - self._tried > AGAIN):
                self._tried = now
                try:
                    self._published, self._fetched = await self._ask(), now
                except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError):
                    if self._published is None or now - self._fetched > STALE:
                        raise
            return self._published

    async def _ask(self) -> Published:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            answer = await client.get(self._url)
        document = answer.raise_for_status().json()
        withdrawn = {str(account): float(at) for account, at in document.get("withdrawn", {}).items()}
        return Published(KeySet.import_key_set(document), withdrawn)


def bearer(request: Request) -> str | None:
    """The one bearer token of a request; None without. Raises NotAllowed for two or another scheme."""
    headers = request.headers.getlist("authorization")
    if not headers:
        return None
    scheme, _, token = headers[0].partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer" or not token or len(token) > 8_192:
        raise unauthenticated()
    return token


async def credential_of(request: Request) -> Credential | None:
    """Who sends this request; None for an anonymous caller. Raises NotAllowed (401, 503)."""
    token = bearer(request)
    if token is None:
        return None
    verifier: TokenVerifier = request.app.state.verifier
    try:
        return await verifier.verify(token)
    except httpx.HTTPError as error:
        raise NotAllowed(503, "keys-unavailable", "Tokens cannot be checked now.") from error


@dataclass(frozen=True, slots=True)
class requires:  # noqa: N801  # it is read as a word, where a door says what it requires
    """A FastAPI dependency: a credential that holds at least one of these roles."""

    roles: tuple[str, ...]

    def __init__(self, *roles: str) -> None:
        object.__setattr__(self, "roles", roles)

    async def __call__(self, request: Request) -> Credential:
        """Raises NotAllowed (401, 403, 503)."""
        credential = await credential_of(request)
        if credential is None:
            raise unauthenticated()
        if not credential.roles & set(self.roles):
            raise NotAllowed(403, "forbidden", f"One of these roles is needed: {', '.join(self.roles)}.")
        return credential
