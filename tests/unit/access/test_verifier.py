"""Who is believed by a service, while keys and roles are given and taken."""

import time

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import KeySet, OKPKey

from eventlog import credentials
from eventlog.credentials import Credential, NotAllowed, Published, TokenVerifier

KEY = OKPKey.generate_key("Ed25519", auto_kid=True)
OTHER = OKPKey.generate_key("Ed25519", auto_kid=True)
OFFICER = Credential("person/officer", "officer", "GB-LAE-SLF", frozenset({"reader"}))


class Clock:
    """Monotonic time that a test moves."""

    now = 10_000.0

    def monotonic(self) -> float:
        return self.now


class Gateway(TokenVerifier):
    """A verifier whose gateway is this object."""

    def __init__(self) -> None:
        super().__init__("http://gateway.test")
        self.keys = [KEY]
        self.withdrawn: dict[str, float] = {}
        self.away = False
        self.asked = 0

    async def _ask(self) -> Published:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        return Published(KeySet(self.keys), dict(self.withdrawn))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(credentials, "time", clock)
    return clock


def token(key: OKPKey = KEY, issued: int | None = None, algorithm: str = "Ed25519") -> str:
    now = int(time.time()) if issued is None else issued
    claims = {
        "iss": "localpound", "aud": "localpound", "sub": "person/officer", "person": "officer",
        "org": "GB-LAE-SLF", "roles": ["reader"], "iat": now, "exp": int(time.time()) + 600,
    }  # fmt: skip
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, algorithms=[algorithm])


async def test_a_token_is_believed_and_the_keys_are_fetched_once(clock: Clock) -> None:
    gateway = Gateway()
    assert [await gateway.verify(token()) for _ in range(3)] == [OFFICER] * 3
    assert gateway.asked == 1


async def test_a_token_that_was_signed_before_the_algorithm_was_named_anew_is_believed(clock: Clock) -> None:
    with pytest.warns(SecurityWarning, match="RFC 9864"):
        assert await Gateway().verify(token(algorithm="EdDSA")) == OFFICER


async def test_what_was_taken_away_is_denied_within_half_a_minute(clock: Clock) -> None:
    gateway = Gateway()
    held = token(issued=int(time.time()) - 60)
    assert await gateway.verify(held) == OFFICER
    gateway.withdrawn["person/officer"] = time.time() - 30
    clock.now += 30.1
    with pytest.raises(NotAllowed) as refused:
        await gateway.verify(held)
    assert refused.value.status == 401
    assert await gateway.verify(token()) == OFFICER


async def test_another_accounts_withdrawal_is_not_ones_own(clock: Clock) -> None:
    gateway = Gateway()
    gateway.withdrawn["person/another"] = time.time() + 60
    assert await gateway.verify(token()) == OFFICER


async def test_a_new_key_is_looked_for_but_not_more_often_than_every_few_seconds(clock: Clock) -> None:
    gateway = Gateway()
    await gateway.verify(token())
    gateway.keys = [KEY, OTHER]
    for _ in range(3):
        with pytest.raises(NotAllowed):
            await gateway.verify(token(OTHER))
    assert gateway.asked == 1
    clock.now += 5.1
    assert await gateway.verify(token(OTHER)) == OFFICER
    assert gateway.asked == 2


async def test_while_the_gateway_is_away_tokens_are_believed_as_long_as_they_live(clock: Clock) -> None:
    gateway = Gateway()
    await gateway.verify(token())
    gateway.away = True
    clock.now += 300
    assert await gateway.verify(token()) == OFFICER
    clock.now += 301
    with pytest.raises(httpx.HTTPError):
        await gateway.verify(token())


async def test_without_any_keys_nobody_is_believed(clock: Clock) -> None:
    gateway = Gateway()
    gateway.away = True
    with pytest.raises(httpx.HTTPError):
        await gateway.verify(token())
