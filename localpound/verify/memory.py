"""A source that lies in memory: for tests, and for logs that were exported to a folder."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from localpound.verify.entry import examine
from localpound.verify.findings import Finding
from localpound.verify.log_check import Head, Placed


@dataclass(frozen=True, slots=True)
class MemorySource:
    """Logs as lists of envelopes, each with the head that was recorded for it."""

    logs: Sequence[tuple[Head, Sequence[bytes]]]
    name: str = "memory"
    may_lag: bool = False

    def heads(self) -> Sequence[Head]:
        """The logs that are there."""
        return [head for head, _ in self.logs]

    def events(self, head: Head) -> Iterator[Placed]:
        """The log's events, in order."""
        values = next(values for each, values in self.logs if each == head)
        return (Placed(index, examine(value)) for index, value in enumerate(values))

    def tiles(self, head: Head) -> Iterable[tuple[int, int, bytes]] | None:
        """None are kept."""
        del head
        return None

    def findings(self) -> Sequence[Finding]:
        """Nothing else is noticed."""
        return ()
