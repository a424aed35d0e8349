"""Is one log whole? Every leaf, the order, the streams' versions, and the tree over all of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from localpound.verify.entry import Examined
from localpound.verify.findings import Finding, contradiction, unread
from localpound.verify.tiles import tiles_of
from localpound.verify.tree import HASH, root

MOST = 100  # findings that are kept of one log: the first ones say what happened


@dataclass(frozen=True, slots=True)
class Head:
    """What a source says of a log: how long it is and which root its tree has."""

    organisation: str
    service: str
    size: int | None
    """Null when the source itself records no tree (Kafka)."""
    root: bytes | None

    @property
    def name(self) -> str:
        """`GB-LAE-SLF/spend`."""
        return f"{self.organisation}/{self.service}"

    @property
    def source(self) -> str:
        """What every event of this log names as its source."""
        return f"/organisations/{self.organisation}/{self.service}"


@dataclass(frozen=True, slots=True)
class Placed:
    """One event where a source has it."""

    index: int
    event: Examined
    stream: str | None = None
    """The stream and version that are kept beside the bytes, where the source keeps them."""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What was recomputed of one log."""

    log: str
    events: int
    streams: int
    root: bytes
    recorded_root: bytes | None
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class LogCheck:
    """Takes a log's events in the order in which the source gives them."""

    head: Head
    schemas: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Digests per event type, of the schemas at hand; a type that is not here is not judged."""
    leaves: bytearray = field(default_factory=bytearray)
    versions: dict[str, int] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    next_index: int = 0
    may_lag: bool = False
    """Whether events may still be on their way to this source (Kafka): missing is then not lost."""
    missing: int = 0
    interrupted: bool = False

    def see(self, placed: Placed) -> None:
        """Take one event into the order and into the tree."""
        self._check_order(placed.index)
        for fault in placed.event.faults:
            self._contradicts(placed.index, fault)
        self._check_beside(placed)
        self._check_identity(placed.index, placed.event)
        self._check_version(placed.index, placed.event)
        self.leaves += placed.event.leaf

    def _check_order(self, index: int) -> None:
        if index > self.next_index and self.may_lag:
            self.missing += index - self.next_index
        elif index > self.next_index:
            self._contradicts(index, f"follows a gap: index {self.next_index} was due")
        elif index < self.next_index:
            self._contradicts(index, f"comes after index {self.next_index - 1}: twice, or out of order")
        self.next_index = max(self.next_index, index + 1)

    def _check_beside(self, placed: Placed) -> None:
        for name, kept, said in (
            ("stream", placed.stream, placed.event.stream),
            ("version", placed.version, placed.event.version),
        ):
            if kept is not None and kept != said:
                self._contradicts(placed.index, f"is kept under {name} {kept}, but its bytes say {said}")

    def _check_identity(self, index: int, examined: Examined) -> None:
        if examined.source and examined.source != self.head.source:
            self._contradicts(index, f"belongs to {examined.source}")
        if examined.event_id and examined.event_id in self.ids:
            self._contradicts(index, f"has the id of an earlier event, {examined.event_id}")
        self.ids.add(examined.event_id)
        known = self.schemas.get(examined.type)
        if known is not None and examined.schema_digest not in known:
            self._note(unread(self._at(index), f"was written under another schema of {examined.type}"))

    def _check_version(self, index: int, examined: Examined) -> None:
        if not examined.stream:
            return
        expected = self.versions.get(examined.stream, 0) + 1
        if examined.version != expected:
            self._contradicts(index, f"is version {examined.version} of {examined.stream}, where {expected} was due")
        self.versions[examined.stream] = max(examined.version, expected)

    def compare_tiles(self, recorded: Iterable[tuple[int, int, bytes]]) -> None:
        """Compare the tree's published tiles with those that follow from the events."""
        computed = {(level, number): tile for level, number, tile in tiles_of(bytes(self.leaves))}
        for level, number, tile in recorded:
            if computed.pop((level, number), None) != tile:
                self._note(contradiction(self.head.name, f"tile {number} of level {level} is another"))
        for level, number in computed:
            self._note(contradiction(self.head.name, f"tile {number} of level {level} is missing"))

    def interrupt(self, what: str) -> None:
        """The source could not be read to its end; nothing is compared that needs the end."""
        self.interrupted = True
        self.findings.append(unread(self.head.name, what))

    def finish(self) -> Result:
        """Compare what was computed with what the source records."""
        size, computed = len(self.leaves) // HASH, root(bytes(self.leaves))
        if not self.interrupted:
            self._compare(size, computed)
        return Result(self.head.name, size, len(self.versions), computed, self.head.root, tuple(self.findings))

    def _compare(self, size: int, computed: bytes) -> None:
        recorded = self.head.size
        if self.may_lag and recorded is not None:
            self.missing += max(0, recorded - self.next_index)
        if self.missing:
            self.findings.append(unread(self.head.name, f"{self.missing:,} events are not here, or not yet"))
            return
        if recorded is not None and size != recorded:
            what = f"{recorded:,} events are recorded, {size:,} are here"
            self.findings.append(contradiction(self.head.name, what))
        if self.head.root is not None and computed != self.head.root:
            what = "the tree over the events has another root than the recorded one"
            self.findings.append(contradiction(self.head.name, what))

    def _at(self, index: int) -> str:
        return f"{self.head.name}/{index}"

    def _contradicts(self, index: int, what: str) -> None:
        self._note(contradiction(self._at(index), what))

    def _note(self, finding: Finding) -> None:
        if len(self.findings) < MOST:
            self.findings.append(finding)
