"""Numbers, partitions and headers: what a loss, a repetition and a zombie are known by."""

from typing import Any

import httpx
import pytest
from aiokafka.partitioner import murmur2 as reference
from hypothesis import given
from hypothesis import strategies as st

from eventlog.errors import LossDetectedError, UnreadableFactError
from eventlog.feed_reader import FeedReader
from eventlog.kafka import Kafka, murmur2, partition_of
from eventlog.parking import because, type_of
from eventlog.positions import Reached, sift
from eventlog.records import Record, from_feed, from_kafka, headers, to_feed


def record(number: int | None, offset: int | None = None) -> Record:
    return Record("spend.events", 0, offset, "payment/P1", "GB-LAE-SLF/spend", 7, number, b"{}")


@given(st.binary(max_size=80))
def test_keys_go_where_every_other_client_would_put_them(key: bytes) -> None:
    assert murmur2(key) == reference(key) & 0xFFFFFFFF


def test_a_known_key_has_a_known_partition() -> None:
    assert [partition_of(f"payment/P{n}", 12) for n in range(6)] == [7, 6, 3, 11, 4, 0]


def test_what_is_contiguous_is_ready() -> None:
    sifted = sift(Reached(10, 4), [record(5, 10), record(6, 11)])
    assert [r.number for r in sifted.ready] == [5, 6]
    assert (sifted.ahead, sifted.repeated, sifted.reached) == ({}, 0, Reached(12, 6))


def test_what_was_applied_is_dropped_and_counted() -> None:
    sifted = sift(Reached(10, 4), [record(3, 10), record(4, 11), record(5, 12), record(5, 13)])
    assert [r.number for r in sifted.ready] == [5]
    assert (sifted.repeated, sifted.reached) == (3, Reached(14, 5))


def test_what_lies_behind_a_gap_waits_and_is_read_again_after_a_restart() -> None:
    sifted = sift(Reached(10, 4), [record(5, 10), record(8, 11), record(9, 12)])
    assert [r.number for r in sifted.ready] == [5]
    assert sorted(sifted.ahead) == [8, 9]
    assert sifted.reached == Reached(11, 5)


def test_a_filled_gap_lets_the_waiting_through_in_order() -> None:
    sifted = sift(Reached(11, 5), [record(8, 11), record(9, 12), record(6), record(7)])
    assert [r.number for r in sifted.ready] == [6, 7, 8, 9]
    assert (sifted.ahead, sifted.reached) == ({}, Reached(13, 9))


def test_a_record_without_number_keeps_its_place() -> None:
    sifted = sift(Reached(0, 0), [record(1, 0), record(None, 1), record(2, 2)])
    assert [r.number for r in sifted.ready] == [1, None, 2]


def test_a_limit_is_not_overtaken() -> None:
    sifted = sift(Reached(0, 0), [record(1, 0), record(2, 1), record(3, 2)], limit=2)
    assert [r.number for r in sifted.ready] == [1, 2]
    assert (sorted(sifted.ahead), sifted.reached) == ([3], Reached(2, 2))


@given(st.lists(st.integers(1, 12), max_size=40), st.lists(st.integers(1, 6), min_size=1, max_size=20))
def test_each_number_is_applied_once_and_in_order(numbers: list[int], sizes: list[int]) -> None:
    reached, ahead, applied = Reached(0, 0), dict[int, Record](), list[int]()
    rest = [record(number, offset) for offset, number in enumerate(numbers)]
    for size in [*sizes, len(rest)]:
        sifted = sift(reached, [*ahead.values(), *rest[:size]])
        rest, ahead, reached = rest[size:], sifted.ahead, sifted.reached
        applied += [r.number or 0 for r in sifted.ready]
    until = next(n for n in range(1, 14) if n not in numbers)
    assert applied == list(range(1, until))


class Sent:
    topic, partition, offset = "spend.events", 3, 9

    def __init__(self, heads: Any, key: bytes | None = b"k", value: bytes | None = b"v") -> None:
        self.headers, self.key, self.value = heads, key, value


def test_headers_are_read_as_they_were_written() -> None:
    read = from_kafka(Sent(headers(b"GB-LAE-SLF/spend", 12, 34)))
    assert read == Record("spend.events", 3, 9, "k", "GB-LAE-SLF/spend", 12, 34, b"v")


@pytest.mark.parametrize(
    "heads",
    [[], [("relay", b"x")], [("relay", b"-1")], [("relay", b"")], [("a", b""), ("b", b""), ("c", b""), ("d", b"")]],
)
def test_what_cannot_be_read_in_headers_is_none(heads: Any) -> None:
    read = from_kafka(Sent(heads, key=None, value=None))
    assert read == Record("spend.events", 3, 9, "", "", None, None, b"")


def test_a_feeds_record_is_the_brokers_without_its_offset() -> None:
    given_ = to_feed("payment/P1", "GB-LAE-SLF/spend", 7, 5, b'{"a":1}')
    assert from_feed("spend.events", 0, given_) == Record(
        "spend.events", 0, None, "payment/P1", "GB-LAE-SLF/spend", 7, 5, b'{"a":1}'
    )


def test_without_a_name_nothing_is_secured() -> None:
    assert Kafka(servers="a:1").client() == {"bootstrap_servers": "a:1"}
    secured = Kafka(servers="a:1", username="u", password="p")
    assert secured.client()["sasl_mechanism"] == "SCRAM-SHA-512"
    assert secured.administration()["security.protocol"] == "SASL_PLAINTEXT"


def test_a_reason_names_the_failure_and_never_the_content() -> None:
    assert because(UnreadableFactError("unknown type x")) == "unknown type x"
    with pytest.raises(ValueError) as raised:
        int("a secret")
    assert because(raised.value).startswith("ValueError in test_carrying.py:")
    assert type_of(b'{"type":"a.b.C"}') == "a.b.C"
    assert type_of(b"\xff") == ""


@pytest.mark.parametrize("status", [403, 500])
async def test_a_feed_that_does_not_answer_is_a_loss_that_is_told(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def get(_self: object, url: str, **_given: object) -> httpx.Response:
        return httpx.Response(status, request=httpx.Request("GET", url))

    monkeypatch.setattr(httpx.AsyncClient, "get", get)
    with pytest.raises(LossDetectedError, match="does not answer"):
        await FeedReader({"spend": "http://a"}).fill("spend.events", 0, 1, 1)
    with pytest.raises(LossDetectedError, match="no feed is given"):
        await FeedReader({}).fill("spend.events", 0, 1, 1)
