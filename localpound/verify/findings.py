"""What a verification finds, and how grave it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Gravity(IntEnum):
    """The number is the exit code of a run in which nothing graver was found."""

    INTACT = 0
    CONTRADICTS = 2
    UNREAD = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    gravity: Gravity
    where: str
    """A log, a position (`GB-LAE-SLF/spend/123`), a read model or a topic's partition."""
    what: str


def contradiction(where: str, what: str) -> Finding:
    """Bytes, order or numbers contradict what is recorded."""
    return Finding(Gravity.CONTRADICTS, where, what)


def unread(where: str, what: str) -> Finding:
    """Something could not be read, or is not there yet; it contradicts nothing."""
    return Finding(Gravity.UNREAD, where, what)


def verdict(findings: Iterable[Finding]) -> Gravity:
    """A contradiction outweighs whatever could not be read."""
    found = {finding.gravity for finding in findings}
    for gravity in (Gravity.CONTRADICTS, Gravity.UNREAD):
        if gravity in found:
            return gravity
    return Gravity.INTACT
