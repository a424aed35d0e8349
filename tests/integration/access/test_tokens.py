"""A key is exchanged for a token, and for nothing that is almost one."""

import base64
import json
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import KeySet, OctKey, OKPKey

from eventlog.credentials import ACCEPTED, AUDIENCE, Credential
from gateway.tokens import Tokens
from tests.builders import DEVON, SALFORD
from tests.gateway import OFFICER_ROLES, SECRETS, Gateway, form

WHO = "/accounts"
"""A door for administrators: 403 tells that the token was believed, 401 that it was not."""


async def ask(door: Gateway, token: str) -> int:
    return (await door.http.get(WHO, headers={"Authorization": f"Bearer {token}"})).status_code


async def test_a_key_is_exchanged_for_a_token_that_says_who_for_whom_and_what(door: Gateway) -> None:
    answer = await door.http.post("/token", data=form("officer", SALFORD))
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 600)
    assert answer.headers["cache-control"] == "no-store"
    keys = KeySet.import_key_set((await door.http.get("/.well-known/jwks.json")).json())
    token = jwt.decode(body["access_token"], keys, algorithms=["Ed25519"])
    claims = token.claims
    assert token.header["kid"] == keys.keys[0].kid
    assert {name: claims[name] for name in ("iss", "aud", "sub", "person", "org", "roles")} == {
        "iss": "localpound",
        "aud": "localpound",
        "sub": "person/officer",
        "person": "officer",
        "org": SALFORD,
        "roles": sorted(OFFICER_ROLES),
    }
    assert 599 <= claims["exp"] - claims["iat"] <= 600


async def test_basic_authentication_is_as_good_as_the_form(door: Gateway) -> None:
    answer = await door.http.post(
        "/token", data={"grant_type": "client_credentials"}, auth=("ledger", SECRETS["ledger"])
    )
    assert answer.status_code == 200
    assert answer.json()["scope"] == "payments-recorder"


async def test_only_public_halves_are_published(door: Gateway) -> None:
    body = (await door.http.get("/.well-known/jwks.json")).json()
    assert sorted(body["keys"][0]) == ["crv", "kid", "kty", "use", "x"]
    assert body["withdrawn"] == {}


async def test_whoever_acts_for_several_names_one(door: Gateway) -> None:
    answer = await door.http.post("/token", data=form("officer"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    other = await door.http.post("/token", data=form("ledger", DEVON))
    assert (other.status_code, other.json()["error"]) == (400, "invalid_scope")


async def test_unknown_client_wrong_key_and_revoked_key_get_the_same_answer(door: Gateway) -> None:
    headers = await door.headers("admin")
    await door.http.delete("/accounts/machine/ledger/keys/ledger", headers=headers)
    answers = [
        await door.http.post("/token", data=sent)
        for sent in (
            form("officer", SALFORD, "x" * 40),
            form("nobody", SALFORD, "x" * 40),
            form("ledger"),
            {"grant_type": "client_credentials", "client_id": "officer"},
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


async def test_who_guesses_is_slowed_down_and_the_right_key_waits_with_him(door: Gateway) -> None:
    for _ in range(10):
        assert (await door.http.post("/token", data=form("ledger", None, "x" * 30))).status_code == 401
    answer = await door.http.post("/token", data=form("ledger"))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert (await door.http.post("/token", data=form("admin"))).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"grant_type=client_credentials&client_id=a&client_id=b&client_secret=c",
        b"grant_type=password&client_id=officer&client_secret=c",
        b"\xff\xfe",
        b"&".join(b"a%d=1" % i for i in range(50)),
        b"grant_type=client_credentials&client_id=a%00&client_secret=c",
    ],
)
async def test_a_request_that_is_none_is_refused_as_the_standard_says(door: Gateway, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await door.http.post("/token", content=body, headers=headers)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "error_description"}


async def test_an_oversize_form_is_refused(door: Gateway) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await door.http.post("/token", content=b"a=" + b"x" * 10_000, headers=headers)
    assert answer.status_code == 413


def encoded(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def test_what_is_almost_a_token_opens_nothing_and_is_told_nothing(door: Gateway) -> None:
    good = await door.token("officer", SALFORD)
    assert await ask(door, good) == 403
    public = (await door.http.get("/.well-known/jwks.json")).json()["keys"][0]
    signing: OKPKey = door.app.state.tokens._key
    claims = {**jwt.decode(good, signing, algorithms=["Ed25519"]).claims, "roles": ["administrator"]}
    header, payload, signature = good.split(".")
    as_secret = OctKey.import_key(base64.urlsafe_b64decode(public["x"] + "="))
    stranger = OKPKey.generate_key("Ed25519", auto_kid=True)
    kid = {"kid": public["kid"]}

    def signed(key: OKPKey = signing, more: dict[str, object] | None = None, **changes: object) -> str:
        changed = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode({"alg": "Ed25519", **kid, **(more or {})}, changed, key, algorithms=["Ed25519"])

    now = int(claims["iat"])
    bad = {
        "alg none": f"{encoded({'alg': 'none', **kid})}.{encoded(claims)}.",
        "alg nOnE": f"{encoded({'alg': 'nOnE', **kid})}.{encoded(claims)}.{signature}",
        "hs256 with the public key": jwt.encode({"alg": "HS256", **kid}, claims, as_secret),
        "another's key": signed(stranger),
        "another's key inside": signed(stranger, {"jwk": stranger.as_dict(private=False)}),
        "kid of another": signed(more={"kid": "../../etc/passwd"}),
        "kid as sql": signed(more={"kid": "x' OR 1=1 --"}),
        "changed payload": f"{header}.{encoded(claims)}.{signature}",
        "expired": signed(exp=now - 1),
        "no expiry": signed(exp=None),
        "not yet": signed(nbf=now + 900),
        "another audience": signed(aud="somebody"),
        "a visit's token": signed(aud="localpound-pages"),
        "another issuer": signed(iss="somebody"),
        "no organisation": signed(org=None),
        "no key named": signed(client_id=None),
        "another's account": signed(sub="person/admin"),
        "too long": signed(padding="x" * 16_000),
        "empty": "",
        "no token": "token",
    }
    answers: dict[str, httpx.Response] = {
        name: await door.http.get(WHO, headers={"Authorization": f"Bearer {token}"}) for name, token in bad.items()
    }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(bad, 401)
    assert len({answer.content for answer in answers.values()}) == 1


async def test_tokens_and_keys_that_still_say_eddsa_are_taken(door: Gateway, tmp_path: Path) -> None:
    signing: OKPKey = door.app.state.tokens._key
    claims = jwt.decode(await door.token("officer", SALFORD), signing, algorithms=["Ed25519"]).claims
    published = KeySet.import_key_set((await door.http.get("/.well-known/jwks.json")).json())
    with pytest.warns(SecurityWarning, match="RFC 9864"):
        old = jwt.encode({"alg": "EdDSA", "kid": signing.kid}, claims, signing, algorithms=["EdDSA"])
    with pytest.warns(SecurityWarning, match="RFC 9864"):
        assert await ask(door, old) == 403
    with pytest.warns(SecurityWarning, match="RFC 9864"):
        assert jwt.decode(old, published, algorithms=ACCEPTED).claims == claims
    file = tmp_path / "key.json"
    file.write_text(json.dumps({**signing.as_dict(private=True), "alg": "EdDSA"}))
    tokens = Tokens.from_file(file)
    assert tokens.published() == door.app.state.tokens.published()
    assert tokens.read(await door.token("officer", SALFORD), AUDIENCE) is not None


async def test_two_authorization_headers_open_nothing(door: Gateway) -> None:
    token = await door.token("admin")
    headers = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    assert (await door.http.get(WHO, headers=headers[:1])).status_code == 200
    assert (await door.http.get(WHO, headers=headers)).status_code == 401
    assert (await door.http.get(WHO, headers={"Authorization": f"Basic {token}"})).status_code == 401
    assert (await door.http.get(WHO)).status_code == 401


async def test_roles_beyond_those_of_the_account_are_not_believed(door: Gateway) -> None:
    token = await door.token("officer", SALFORD)
    signing: OKPKey = door.app.state.tokens._key
    claims = {**jwt.decode(token, signing, algorithms=["Ed25519"]).claims, "roles": ["administrator", "reader"]}
    forged = jwt.encode({"alg": "Ed25519", "kid": signing.kid}, claims, signing, algorithms=["Ed25519"])
    assert await door.app.state.verifier.verify(forged) == Credential(
        "person/officer", "officer", SALFORD, frozenset({"reader"})
    )


async def test_a_revoked_key_and_a_revoked_role_are_denied_at_once(door: Gateway) -> None:
    admin = await door.headers("admin")
    officer, steward = await door.token("officer", SALFORD), await door.token("steward")
    assert (await ask(door, officer), await ask(door, steward)) == (403, 403)
    await door.http.delete("/accounts/person/officer/keys/officer", headers=admin)
    await door.http.delete(f"/accounts/person/steward/roles/{DEVON}/administrator", headers=admin)
    assert await ask(door, officer) == 401
    after = await door.app.state.verifier.verify(steward)
    assert after.roles == frozenset()
    withdrawn = (await door.http.get("/.well-known/jwks.json")).json()["withdrawn"]
    assert sorted(withdrawn) == ["person/officer", "person/steward"]
