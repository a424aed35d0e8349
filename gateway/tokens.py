"""What does a key open? Short-lived signed tokens: for the doors, and for a person's visit to the pages.

Both are JWT (RFC 7519) signed with Ed25519; whom they are for (`aud`) keeps them apart. A token for
the doors carries its roles and lives for ten minutes; every service checks it by itself against the
published keys. A visit's carries none: the roles are asked for at each page.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from eventlog import clock, ids
from eventlog.credentials import ACCEPTED, ALGORITHM, AUDIENCE, ISSUER, Credential, NotAllowed, unauthenticated
from gateway.accounts import Accounts, Key

LIFETIME = 600
"""Seconds for which a token for the doors is good."""
VISIT = 8 * 3600
"""Seconds for which a person stays signed in on the pages."""
VISITORS = "localpound-pages"
LONGEST_TOKEN = 8_192


@dataclass(frozen=True, slots=True)
class Visit:
    """A person at the pages: which key was used, and for whom the person acts now."""

    client_id: str
    account: str
    organisation: str


class Tokens:
    """Signs and reads tokens with one Ed25519 key."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self.keys = KeySet([key])

    @classmethod
    def from_file(cls, path: Path) -> "Tokens":
        """With the key of a file: a private JWK, or PEM. Raises ValueError when it is neither."""
        text = path.read_text()
        source: Any = json.loads(text) if text.lstrip().startswith("{") else text
        if isinstance(source, dict):
            source.pop("alg", None)  # of either name; the curve decides
        try:
            key = OKPKey.import_key(source)
            if key.curve_name != "Ed25519" or not key.is_private:
                raise ValueError("not an Ed25519 private key")
        except (JoseError, ValueError, TypeError) as error:
            raise ValueError(f"{path.name} holds no Ed25519 private key") from error
        key.ensure_kid()
        return cls(key)

    def published(self) -> dict[str, Any]:
        """The key set that everyone checks tokens against (RFC 7517), without its private part.

        It says no algorithm, because tokens name it in two ways (`credentials.ACCEPTED`); the curve leaves no other.
        """
        public = {**self._key.as_dict(private=False), "use": "sig"}
        return {"keys": [public]}

    def issue(self, key: Key, organisation: str, roles: list[str]) -> str:
        """A token for the doors."""
        return self._sign(AUDIENCE, key, organisation, LIFETIME, roles=roles, person=key.person, scope=" ".join(roles))

    def open_visit(self, key: Key, organisation: str) -> str:
        """A token for the pages."""
        return self._sign(VISITORS, key, organisation, VISIT)

    def visit(self, token: str) -> Visit | None:
        """The visit that a token for the pages stands for; None for anything else."""
        claims = self.read(token, VISITORS)
        return None if claims is None else Visit(claims["client_id"], claims["sub"], claims["org"])

    def read(self, token: str, audience: str) -> dict[str, Any] | None:
        """The claims of a token that is ours, for this audience, and not over."""
        if len(token) > LONGEST_TOKEN:
            return None
        registry = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            org={"essential": True},
            client_id={"essential": True},
        )
        try:
            claims = jwt.decode(token, self.keys, algorithms=ACCEPTED).claims
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError):
            return None
        return claims

    def _sign(self, audience: str, key: Key, organisation: str, lifetime: int, **more: object) -> str:
        now = int(clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "sub": key.account,
            "org": organisation,
            "client_id": key.client_id,
            "jti": str(ids.new_id()),
            "iat": now,
            "exp": now + lifetime,
            **more,
        }
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": "at+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


class OwnVerifier:
    """Checks tokens for the gateway's own doors: besides the signature, that nothing was taken away.

    It asks the accounts every time, so a key or role that is revoked is denied at once here; the
    other services learn of it from the published key set.
    """

    def __init__(self, tokens: Tokens, accounts: Accounts) -> None:
        self._tokens = tokens
        self._accounts = accounts

    async def verify(self, token: str) -> Credential:
        """The credential a token stands for. Raises NotAllowed (401)."""
        claims = self._tokens.read(token, AUDIENCE)
        if claims is None:
            raise unauthenticated()
        allowed = await self.allowed(Visit(claims["client_id"], claims["sub"], claims["org"]))
        if allowed is None:
            raise unauthenticated()
        roles = allowed.roles & frozenset(claims.get("roles", ()))
        return Credential(allowed.account, allowed.person, allowed.organisation, roles)

    async def allowed(self, visit: Visit) -> Credential | None:
        """What the holder of a key may do now for an organisation; None when the key is revoked."""
        key = await self._accounts.key(visit.client_id)
        if key is None or key.revoked or key.account != visit.account:
            return None
        roles = await self._accounts.roles(key.account)
        return Credential(key.account, key.person, visit.organisation, frozenset(roles.get(visit.organisation, ())))


__all__ = ["LIFETIME", "VISIT", "NotAllowed", "OwnVerifier", "Tokens", "Visit"]
