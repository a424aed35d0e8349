"""A service's log feed, over HTTP."""

from base64 import b64decode
from collections.abc import Sequence
from http import HTTPStatus

from localpound.client import Client, DoorError
from localpound.verify.log_check import Head
from localpound.verify.run import SourceUnreadableError
from localpound.verify.tiled import TiledSource


class Feed:
    """What a service publishes of its logs; entries need an auditor's role in each organisation."""

    def __init__(self, service: str, client: Client) -> None:
        self.name = f"log feed, {service}"
        self._service = service
        self._process = "gateway" if service == "access" else service
        self._client = client

    def heads(self) -> Sequence[Head]:
        """Size and root of every log. Raises SourceUnreadableError."""
        try:
            logs = self._client.get(self._process, "/log").json()["logs"]
        except DoorError as error:
            raise SourceUnreadableError(f"the feed cannot be read: {error}") from error
        return [Head(log["organisation"], self._service, log["size"], b64decode(log["root"])) for log in logs]

    def get(self, head: Head, path: str) -> bytes | None:
        """A tile or bundle; null when the service says that it has none. Raises SourceUnreadableError."""
        path = f"/log/{head.organisation}/tile/{path}"
        whose = self._client.acting_for(head.organisation)
        try:
            return self._client.get(self._process, path, organisation=whose).content
        except DoorError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise SourceUnreadableError(f"{path} cannot be read: {error}") from error


def feed_source(service: str, client: Client) -> TiledSource:
    """A service's logs, from its feed."""
    return TiledSource(Feed(service, client))
