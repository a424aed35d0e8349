"""The command line's way to the services: HTTP doors only, as one account, for one organisation at a time."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Self

import httpx

from localpound.stack.home import find_home

FRESH = 480.0  # seconds; a token lives for 600
PATIENCE = httpx.Timeout(300.0, connect=10.0)  # a month of spend takes seconds, a rebuild may take minutes
FOR_A_FILE = httpx.Timeout(None, connect=10.0)
PLATFORM = "localpound"
"""Operators of the platform act for it, and its feed readers read every organisation's logs."""
PROCESSES = ("gateway", "contracts", "spend", "social_value", "reporting")


class DoorError(Exception):
    """A door answered no, or not at all; the message is meant to be read by whoever asked."""

    def __init__(
        self, code: str, message: str, *, status: int | None = None, detail: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.detail = dict(detail or {})

    @property
    def remedy(self) -> str:
        """What to do about it, where the door says so."""
        return str(self.detail.get("remedy") or "")

    @property
    def away(self) -> bool:
        """Nobody answered, or the answer was that the service cannot answer now."""
        return self.code in {"away", "too-slow"} or (self.status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Key:
    """An account's own key, as the stack or an administrator handed it out."""

    client_id: str
    client_secret: str = field(repr=False)
    organisations: tuple[str, ...] = ()
    """For whom the account may act, as far as its key file says."""


def read_addresses(folder: Path) -> dict[str, str]:
    """Addresses by process name: `LOCALPOUND_SPEND_URL` and the like, else the running stack's own.

    Raises DoorError when there are none.
    """
    given = {name: os.environ.get(f"LOCALPOUND_{name.upper()}_URL", "") for name in PROCESSES}
    found = {name: url for name, url in given.items() if url}
    path = folder / "run" / "addresses.json"
    if path.exists():
        found = {**json.loads(path.read_text()), **found}
    if not found:
        raise DoorError("not-running", "No localpound is running here.", detail={"remedy": "Start it: localpound up"})
    return found


def read_key(folder: Path, account: str) -> Key:
    """The key of an account: from the environment, else from the stack's folder. Raises DoorError."""
    client_id, secret = os.environ.get("LOCALPOUND_CLIENT_ID"), os.environ.get("LOCALPOUND_CLIENT_SECRET")
    if client_id and secret:
        return Key(client_id, secret)
    path = folder / "keys" / f"{account}.json"
    if not path.exists():
        known = ", ".join(sorted(each.stem for each in path.parent.glob("*.json"))) or "none"
        raise DoorError("no-key", f"There is no key for {account} here; there are: {known}.")
    document = json.loads(path.read_text())
    return Key(document["client_id"], document["client_secret"], tuple(document.get("organisations", ())))


class Client:
    """Sends requests to the doors; fetches a token for each organisation when one is first needed."""

    def __init__(
        self, addresses: Mapping[str, str], key: Key | None, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.addresses = dict(addresses)
        self._key = key
        self._http = httpx.Client(timeout=PATIENCE, trust_env=False, transport=transport)
        self._tokens: dict[str, tuple[float, str]] = {}

    @classmethod
    def local(cls, account: str | None = "officer") -> Self:
        """A client for the stack in LOCALPOUND_HOME, or for the addresses in the environment."""
        folder = find_home().root
        return cls(read_addresses(folder), None if account is None else read_key(folder, account))

    def acting_for(self, organisation: str | None = None) -> str:
        """For whom to act on an organisation's behalf: itself, where the account may, else the platform.

        Without one, for the platform or the first that the account may act for.
        """
        known = () if self._key is None else self._key.organisations
        if organisation is not None and (organisation in known or PLATFORM not in known):
            return organisation
        return PLATFORM if PLATFORM in known or not known else known[0]

    def councils(self) -> list[str]:
        """The organisations that the account may act for, the platform left out."""
        return [each for each in ((self._key and self._key.organisations) or ()) if each != PLATFORM]

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def url(self, process: str, path: str) -> str:
        """Where a process's door is. Raises DoorError when nobody said where the process is."""
        address = self.addresses.get(process)
        if not address:
            raise DoorError("no-address", f"Nobody said where {process} is.")
        return address.rstrip("/") + path

    def get(self, process: str, path: str, *, organisation: str | None = None, **params: str) -> httpx.Response:
        """Ask a door. Raises DoorError."""
        return self.send("GET", process, path, organisation=organisation, params=params)

    def post(
        self,
        process: str,
        path: str,
        *,
        organisation: str | None = None,
        body: bytes | None = None,
        file: Path | None = None,
        document: object = None,
        params: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send bytes, a file of any size or a JSON document to a door. Raises DoorError.

        For a file's answer it is waited as long as it takes: a service that dies breaks the connection off.
        """
        sent: dict[str, object] = {"params": dict(params or {})}
        if file is not None:
            sent |= {"content": blocks_of(file), "headers": {"Content-Type": "text/csv"}, "timeout": FOR_A_FILE}
        elif body is not None:
            sent |= {"content": body, "headers": {"Content-Type": "text/csv"}}
        elif document is not None:
            sent["json"] = document
        return self.send("POST", process, path, organisation=organisation, **sent)

    def send(
        self, method: str, process: str, path: str, *, organisation: str | None = None, **sent: object
    ) -> httpx.Response:
        """Send a request, with a token when it is for an organisation. Raises DoorError."""
        request = self._http.build_request(method, self.url(process, path), **sent)  # type: ignore[arg-type]
        if organisation is not None:
            request.headers["Authorization"] = f"Bearer {self._token(organisation)}"
        with _readable_errors(process):
            answer = self._http.send(request)
        if answer.is_error:
            raise refusal(process, answer)
        return answer

    def save(self, process: str, path: str, target: Path, *, organisation: str, **params: str) -> int:
        """Write a door's answer into a file as it comes; how many bytes. Raises DoorError, and leaves no part of it."""
        headers = {"Authorization": f"Bearer {self._token(organisation)}"}
        part = target.with_name(f".{target.name}.part")
        try:
            with (
                _readable_errors(process),
                self._http.stream("GET", self.url(process, path), params=params, headers=headers) as answer,
            ):
                if answer.is_error:
                    answer.read()
                    raise refusal(process, answer)
                with part.open("wb") as file:
                    size = sum(file.write(block) for block in answer.iter_bytes())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return size

    def graphql(
        self, document: str, variables: Mapping[str, object] | None = None, organisation: str | None = None
    ) -> dict[str, object]:
        """The gateway's whole answer, errors and all. Raises DoorError when there is no such answer."""
        asked = {"query": document, "variables": dict(variables or {})}
        try:
            answer = self.post("gateway", "/graphql", document=asked, organisation=organisation)
        except DoorError as error:
            if "errors" in error.detail:  # an answer in GraphQL's own form, with another status
                return error.detail
            raise
        return dict(answer.json())

    def _token(self, organisation: str) -> str:
        fetched, token = self._tokens.get(organisation, (0.0, ""))
        if token and monotonic() - fetched < FRESH:
            return token
        if self._key is None:
            raise DoorError("no-key", "This needs an account's key.", detail={"remedy": "Say whose: --as officer"})
        form = {
            "grant_type": "client_credentials",
            "client_id": self._key.client_id,
            "client_secret": self._key.client_secret,
            "organisation": organisation,
        }
        try:
            token = str(self.send("POST", "gateway", "/token", data=form).json()["access_token"])
        except DoorError as error:
            if error.away:
                raise
            raise DoorError(error.code, f"{error} ({organisation})", status=401, detail=error.detail) from error
        self._tokens[organisation] = (monotonic(), token)
        return token


def blocks_of(file: Path) -> Iterator[bytes]:
    """A file's bytes, never all at once."""
    with file.open("rb") as opened:
        while block := opened.read(2**20):
            yield block


@contextmanager
def _readable_errors(process: str) -> Iterator[None]:
    try:
        yield
    except httpx.ConnectError as error:
        raise DoorError(
            "away", f"{process} does not answer.", detail={"remedy": "See what is running: localpound status"}
        ) from error
    except httpx.TimeoutException as error:
        raise DoorError("too-slow", f"{process} did not answer in time.") from error
    except httpx.HTTPError as error:
        raise DoorError("away", f"{process} broke off: {type(error).__name__}.") from error


def refusal(process: str, answer: httpx.Response) -> DoorError:
    """What a door's error says, in its own words where it has any."""
    try:
        document = answer.json()
    except ValueError:
        document = {}
    error = document.get("error") if isinstance(document, dict) else None
    if isinstance(error, dict):
        message = str(error.get("message") or error.get("code"))
        return DoorError(str(error.get("code")), message, status=answer.status_code, detail=error)
    if isinstance(error, str):  # OAuth 2 (RFC 6749, 5.2) words its errors in its own way
        message = str(document.get("error_description") or error)
        return DoorError(error, message, status=answer.status_code, detail=document)
    message = f"{process} answered {answer.status_code} {answer.reason_phrase}."
    detail = document if isinstance(document, dict) else {}
    return DoorError("refused", message, status=answer.status_code, detail=detail)
