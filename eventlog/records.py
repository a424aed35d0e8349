"""What travels: a stream as key, an envelope as value, four headers that say where it belongs."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

CONTENT_TYPE = ("content-type", b"application/cloudevents+json")

Header = tuple[str, bytes]


class KafkaRecord(Protocol):
    """What we use of a client library's record."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[Header]


class Record(msgspec.Struct, frozen=True, gc=False):
    """A record as it came, from the broker or a feed, before anyone has read it."""

    topic: str
    partition: int
    offset: int | None
    """None when it did not come from the broker."""
    stream: str
    log: str
    """Organisation and service, with a slash between; empty when the header is missing."""
    index: int | None
    number: int | None
    """The relay number, contiguous from 1 in its partition; None: no relay of ours sent it."""
    value: bytes


def headers(log: bytes, index: int, number: int) -> list[Header]:
    """The headers of an event's record."""
    return [CONTENT_TYPE, ("log", log), ("index", b"%d" % index), ("relay", b"%d" % number)]


def from_kafka(record: KafkaRecord) -> Record:
    """A record of the broker; what cannot be read in its headers is None or empty."""
    found = record.headers
    if len(found) == 4 and found[3][0] == "relay" and found[2][0] == "index" and found[1][0] == "log":
        log, index, number = found[1][1], found[2][1], found[3][1]
    else:
        named = dict(found)
        log, index, number = (named.get(name, b"") for name in ("log", "index", "relay"))
    return Record(
        record.topic,
        record.partition,
        record.offset,
        (record.key or b"").decode(errors="replace"),
        log.decode(errors="replace"),
        int(index) if index.isdigit() else None,
        int(number) if number.isdigit() else None,
        record.value or b"",
    )


def to_feed(stream: str, log: str, index: int, number: int, envelope: bytes) -> dict[str, object]:
    """A record as the log feed gives it."""
    value = b64encode(envelope).decode()
    return {"relay": number, "log": log, "index": index, "stream": stream, "envelope": value}


def from_feed(topic: str, partition: int, given: Mapping[str, Any]) -> Record:
    """A record that the log feed gave. Raises KeyError, ValueError for what is none."""
    return Record(
        topic,
        partition,
        None,
        str(given["stream"]),
        str(given["log"]),
        int(given["index"]),
        int(given["relay"]),
        b64decode(given["envelope"], validate=True),
    )
