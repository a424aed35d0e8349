"""Recompute everything that one source holds."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import schemas
from localpound.verify.findings import Finding, contradiction
from localpound.verify.log_check import Head, LogCheck, Placed, Result
from localpound.verify.tree import HASH

UNDETECTABLE = (
    "Before signed checkpoints exist, this cannot tell whether whoever holds the rights of a"
    " database's owner has rewritten events, tree and Kafka's records together, or cut the same"
    " tail off all of them: keep the size and root of each log that you see here, and compare them"
    " next time."
)


class SourceUnreadableError(Exception):
    """A source could not be read to its end; what was read until then stands."""


class Source(Protocol):
    """Somewhere events can be read from."""

    @property
    def name(self) -> str:
        """As a person would call it."""

    @property
    def may_lag(self) -> bool:
        """Whether events reach it a while after they were recorded."""

    def heads(self) -> Sequence[Head]:
        """The logs that are there."""

    def events(self, head: Head) -> Iterator[Placed]:
        """A log's events, in the order in which the source has them."""

    def tiles(self, head: Head) -> Iterable[tuple[int, int, bytes]] | None:
        """Level, number and hashes of each tile; null where the source keeps none."""

    def findings(self) -> Sequence[Finding]:
        """What else was noticed while reading."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was recomputed from one source."""

    source: str
    logs: tuple[Result, ...]
    findings: tuple[Finding, ...]


def verify(
    source: Source,
    digests: Mapping[str, Collection[str]],
    seen: Callable[[Head, int], None] = lambda _head, _events: None,
) -> Verification:
    """Read every log of a source; `seen` hears of each log's progress, in events."""
    logs = tuple(_verify_log(source, head, digests, seen) for head in source.heads())
    found = [finding for log in logs for finding in log.findings]
    return Verification(source.name, logs, (*found, *source.findings()))


def _verify_log(
    source: Source, head: Head, digests: Mapping[str, Collection[str]], seen: Callable[[Head, int], None]
) -> Result:
    ongoing = LogCheck(head, digests, may_lag=source.may_lag)
    try:
        for number, placed in enumerate(source.events(head), start=1):
            ongoing.see(placed)
            if number % 1_000 == 0:
                seen(head, number)
        tiles = source.tiles(head)
        if tiles is not None:
            ongoing.compare_tiles(tiles)
    except SourceUnreadableError as error:
        ongoing.interrupt(str(error))
    seen(head, len(ongoing.leaves) // HASH)
    return ongoing.finish()


def compare(verifications: Sequence[Verification]) -> list[Finding]:
    """Where two sources hold the same number of a log's events, their trees must have the same root."""
    roots: dict[tuple[str, int], tuple[str, bytes]] = {}
    found = []
    for verification in verifications:
        for log in verification.logs:
            source, root = roots.setdefault((log.log, log.events), (verification.source, log.root))
            if root != log.root:
                what = f"its {log.events:,} events are others in {verification.source} than in {source}"
                found.append(contradiction(log.log, what))
    return found


def schema_digests() -> dict[str, frozenset[str]]:
    """Per event type the digests of the schemas that it has had: the one that lies here, and those of its examples.

    A fact that has grown has several: an event is written under the schema of its day.
    """
    folder = Path(schemas.__file__).parent
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in folder.glob("json/*.json"):
        found[f"localpound.{path.stem}"].add("sha256:" + sha256(path.read_bytes()).hexdigest())
    for path in folder.glob("examples/*.json"):
        example = json.loads(path.read_bytes())
        found[example["type"]].add(example["schemadigest"])
    return {wire_name: frozenset(digests) for wire_name, digests in found.items()}
