"""The command line's way to the doors: tokens, errors in plain words, and for whom it acts."""

import json
from pathlib import Path

import httpx
import pytest

from localpound.client import Client, DoorError, Key, read_addresses, read_key

ADDRESSES = {"gateway": "http://gateway", "spend": "http://spend/"}
KEY = Key("officer", "s3cret", ("GB-LAE-DEV", "GB-LAE-SLF"))


class Doors:
    """Answers as told, and remembers what was asked."""

    def __init__(self, answer: httpx.Response | Exception | None = None) -> None:
        self.answer = answer or httpx.Response(200, json={})
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": f"token{len(self.requests)}"})
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def client(self, key: Key | None = KEY) -> Client:
        return Client(ADDRESSES, key, httpx.MockTransport(self))


def test_a_token_is_fetched_once_for_each_organisation() -> None:
    doors = Doors()
    client = doors.client()
    for organisation in ("GB-LAE-SLF", "GB-LAE-SLF", "GB-LAE-DEV"):
        client.get("spend", "/status", organisation=organisation)
    assert [str(request.url) for request in doors.requests] == [
        "http://gateway/token",
        "http://spend/status",
        "http://spend/status",
        "http://gateway/token",
        "http://spend/status",
    ]
    assert doors.requests[0].content == (
        b"grant_type=client_credentials&client_id=officer&client_secret=s3cret&organisation=GB-LAE-SLF"
    )
    assert [request.headers.get("authorization") for request in doors.requests] == [
        None, "Bearer token1", "Bearer token1", None, "Bearer token4",
    ]  # fmt: skip


def test_without_an_organisation_nobody_says_who_they_are() -> None:
    doors = Doors()
    doors.client(None).get("spend", "/status")
    assert "authorization" not in doors.requests[0].headers


def test_without_a_key_nothing_is_asked_for_an_organisation() -> None:
    with pytest.raises(DoorError, match="needs an account's key"):
        Doors().client(None).get("spend", "/status", organisation="GB-LAE-SLF")


@pytest.mark.parametrize(
    ("answer", "code", "message", "away"),
    [
        (
            httpx.Response(422, json={"error": {"code": "not-spend", "message": "This is a register.", "remedy": "x"}}),
            "not-spend",
            "This is a register.",
            False,
        ),
        (
            httpx.Response(401, json={"error": "invalid_client", "error_description": "No."}),
            "invalid_client",
            "No.",
            False,
        ),
        (httpx.Response(502, text="<html>"), "refused", "spend answered 502 Bad Gateway.", True),
        (httpx.ConnectError("x"), "away", "spend does not answer.", True),
        (httpx.ReadTimeout("x"), "too-slow", "spend did not answer in time.", True),
        (httpx.RemoteProtocolError("x"), "away", "spend broke off: RemoteProtocolError.", True),
    ],
)
def test_what_a_door_says_is_told_in_plain_words(
    answer: httpx.Response | Exception, code: str, message: str, away: bool
) -> None:
    with pytest.raises(DoorError) as told:
        Doors(answer).client().post("spend", "/spend-files", body=b"x")
    assert (told.value.code, str(told.value), told.value.away) == (code, message, away)


def test_a_process_without_an_address_is_named() -> None:
    with pytest.raises(DoorError, match="Nobody said where reporting is") as told:
        Doors().client().get("reporting", "/status")
    assert not told.value.away


def test_errors_of_a_query_are_part_of_its_answer() -> None:
    answer = {"errors": [{"message": "too much"}], "data": None}
    assert Doors(httpx.Response(400, json=answer)).client().graphql("{x}") == answer


def test_an_account_acts_for_the_organisation_itself_where_it_may() -> None:
    assert Doors().client().acting_for("GB-LAE-SLF") == "GB-LAE-SLF"
    assert Doors().client(Key("admin", "x", ("localpound",))).acting_for("GB-LAE-SLF") == "localpound"
    assert Doors().client(Key("admin", "x", ("GB-LAE-SLF", "localpound"))).acting_for() == "localpound"
    assert Doors().client().acting_for() == "GB-LAE-DEV"
    assert Doors().client().councils() == ["GB-LAE-DEV", "GB-LAE-SLF"]


def test_addresses_in_the_environment_come_before_the_stacks_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DoorError, match="No localpound is running"):
        read_addresses(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "addresses.json").write_text(json.dumps({"spend": "http://a", "gateway": "http://b"}))
    monkeypatch.setenv("LOCALPOUND_SPEND_URL", "http://elsewhere")
    assert read_addresses(tmp_path) == {"spend": "http://elsewhere", "gateway": "http://b"}


def test_an_accounts_key_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCALPOUND_CLIENT_ID", raising=False)
    (tmp_path / "keys").mkdir()
    key = {"client_id": "officer", "client_secret": "s", "organisations": ["GB-LAE-SLF"]}
    (tmp_path / "keys" / "officer.json").write_text(json.dumps(key))
    assert read_key(tmp_path, "officer") == Key("officer", "s", ("GB-LAE-SLF",))
    with pytest.raises(DoorError, match="no key for nobody here; there are: officer"):
        read_key(tmp_path, "nobody")


def test_a_key_does_not_show_its_secret() -> None:
    assert "s3cret" not in repr(KEY)
