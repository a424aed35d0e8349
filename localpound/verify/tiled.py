"""Events from a published log, wherever it is published: over HTTP, or as files in a folder."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from localpound.verify.entry import examine
from localpound.verify.findings import Finding, contradiction, unread
from localpound.verify.log_check import Head, Placed
from localpound.verify.run import SourceUnreadableError
from localpound.verify.tiles import bundle_paths, entries_in, tile_paths


class Published(Protocol):
    """One service's logs in the C2SP tlog-tiles layout."""

    @property
    def name(self) -> str:
        """As a person would call it."""

    def heads(self) -> Sequence[Head]:
        """Size and root of every log, as published. Raises SourceUnreadableError."""

    def get(self, head: Head, path: str) -> bytes | None:
        """What lies at a path under `tile/`; null when nothing does. Raises SourceUnreadableError."""


class TiledSource:
    """Reads the logs of one service as they are published."""

    may_lag = False

    def __init__(self, published: Published) -> None:
        self.name = published.name
        self._published = published
        self._findings: list[Finding] = []

    def heads(self) -> Sequence[Head]:
        """Size and root of every log, as published."""
        try:
            return self._published.heads()
        except SourceUnreadableError as error:
            self._findings.append(unread(self.name, str(error)))
            return []

    def events(self, head: Head) -> Iterator[Placed]:
        """The log's entries up to the published size, examined."""
        return (Placed(index, examine(entry)) for index, entry in self.entries(head))

    def entries(self, head: Head) -> Iterator[tuple[int, bytes]]:
        """Index and bytes of the log's entries up to the published size, a bundle at a time."""
        for first, path in bundle_paths(head.size or 0):
            bundle = self._published.get(head, path)
            if bundle is None:
                return
            try:
                entries = list(entries_in(bundle))
            except ValueError as error:
                self._findings.append(contradiction(f"{head.name}/{first}", str(error)))
                return
            yield from enumerate(entries, start=first)

    def tiles(self, head: Head) -> Iterable[tuple[int, int, bytes]] | None:
        """Every tile of a tree of the published size; one that is missing is left out."""
        found = []
        for level, number, path in tile_paths(head.size or 0):
            tile = self._published.get(head, path)
            if tile is not None:
                found.append((level, number, tile))
        return found

    def findings(self) -> Sequence[Finding]:
        """What could not be read, or was broken, of the publication as a whole."""
        return self._findings
