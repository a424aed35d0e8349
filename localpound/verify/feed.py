"""Events from a service's log feed, over HTTP."""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus

from localpound.client import Client, DoorError
from localpound.verify.entry import examine
from localpound.verify.findings import Finding, contradiction, unread
from localpound.verify.log_check import Head, Placed
from localpound.verify.run import SourceUnreadableError
from localpound.verify.tiles import WIDTH, bundle_paths, entries_in, number_path

SERVICES = ("contracts", "spend", "social_value", "access")


class FeedSource:
    """What a service publishes of its logs; entries need an auditor's role in each organisation."""

    may_lag = False

    def __init__(self, service: str, client: Client) -> None:
        self.name = f"log feed, {service}"
        self._service = service
        self._process = "gateway" if service == "access" else service
        self._client = client
        self._findings: list[Finding] = []

    def heads(self) -> Sequence[Head]:
        """Size and root of every log, as the service states them."""
        try:
            logs = self._client.get(self._process, "/log").json()["logs"]
        except DoorError as error:
            self._findings.append(unread(self._service, f"the log feed cannot be read: {error}"))
            return []
        return [Head(log["organisation"], self._service, log["size"], b64decode(log["root"])) for log in logs]

    def events(self, head: Head) -> Iterator[Placed]:
        """The log's entries up to the stated size, examined."""
        return (Placed(index, examine(entry)) for index, entry in self.entries(head))

    def entries(self, head: Head) -> Iterator[tuple[int, bytes]]:
        """Index and bytes of the log's entries up to the stated size, a bundle at a time."""
        for first, path in bundle_paths(head.size or 0):
            bundle = self._get(head, f"entries/{path}")
            if bundle is None:
                return
            try:
                entries = list(entries_in(bundle))
            except ValueError as error:
                self._findings.append(contradiction(f"{head.name}/{first}", str(error)))
                return
            yield from enumerate(entries, start=first)

    def tiles(self, head: Head) -> Iterable[tuple[int, int, bytes]] | None:
        """Every tile of a tree of the stated size; one that is missing is left out."""
        found: list[tuple[int, int, bytes]] = []
        level, hashes = 0, head.size or 0
        while hashes:
            for number in range(-(-hashes // WIDTH)):
                width = min(WIDTH, hashes - number * WIDTH)
                path = number_path(number) + (f".p/{width}" if width < WIDTH else "")
                tile = self._get(head, f"{level}/{path}")
                if tile is not None:
                    found.append((level, number, tile))
            level, hashes = level + 1, hashes // WIDTH
        return found

    def findings(self) -> Sequence[Finding]:
        """What could not be read, of the feed as a whole."""
        return self._findings

    def _get(self, head: Head, path: str) -> bytes | None:
        """A tile or bundle; null when the service says that it has none. Raises SourceUnreadableError."""
        path = f"/log/{head.organisation}/tile/{path}"
        whose = self._client.acting_for(head.organisation)
        try:
            return self._client.get(self._process, path, organisation=whose).content
        except DoorError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise SourceUnreadableError(f"{path} cannot be read: {error}") from error
