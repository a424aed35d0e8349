"""A log that was tampered with is recognised, whatever was done to it."""

from collections.abc import Callable, Iterator

import pytest

from localpound.verify.findings import Finding, Gravity, verdict
from localpound.verify.log_check import Head, Placed
from localpound.verify.memory import MemorySource
from localpound.verify.run import SourceUnreadableError, Verification, compare, schema_digests, verify
from tests.unit.cli.logs import envelopes, head_of

VALUES = envelopes(3)
HEAD = head_of(VALUES)


def verified(values: list[bytes], head: Head = HEAD) -> Verification:
    return verify(MemorySource([(head, values)]), schema_digests())


def gravity(found: Verification) -> Gravity:
    return verdict(found.findings)


def what(found: Verification) -> list[str]:
    return [f"{finding.where}: {finding.what}" for finding in found.findings]


def test_a_log_as_it_was_written_is_intact() -> None:
    found = verified(VALUES)
    assert found.findings == ()
    assert gravity(found) == 0
    (log,) = found.logs
    assert (log.log, log.events, log.streams, log.root) == ("GB-LAE-SLF/spend", 6, 3, HEAD.root)


def test_an_empty_log_is_intact() -> None:
    assert verified([], head_of([])).findings == ()


def flip(values: list[bytes]) -> list[bytes]:
    return [values[0].replace(b"70000", b"70001"), *values[1:]]


def swap(values: list[bytes]) -> list[bytes]:
    return [values[1], values[0], *values[2:]]


def swap_streams(values: list[bytes]) -> list[bytes]:
    return [values[2], values[1], values[0], *values[3:]]


def remove(values: list[bytes]) -> list[bytes]:
    return values[:2] + values[3:]


def insert(values: list[bytes]) -> list[bytes]:
    return [*values[:2], envelopes(1, first=7)[0], *values[2:]]


def repeat(values: list[bytes]) -> list[bytes]:
    return [*values[:2], values[1], *values[2:]]


def cut(values: list[bytes]) -> list[bytes]:
    return values[:-1]


ROOT = "GB-LAE-SLF/spend: the tree over the events has another root than the recorded one"


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (flip, ROOT),
        (swap, "GB-LAE-SLF/spend/0: is version 2 of payment/P0, where 1 was due"),
        (swap_streams, "GB-LAE-SLF/spend/1: is version 2 of payment/P0, where 1 was due"),
        (remove, "GB-LAE-SLF/spend/2: is version 2 of payment/P1, where 1 was due"),
        (insert, "GB-LAE-SLF/spend: 6 events are recorded, 7 are here"),
        (repeat, "GB-LAE-SLF/spend/2: is version 2 of payment/P0, where 3 was due"),
        (cut, "GB-LAE-SLF/spend: 6 events are recorded, 5 are here"),
    ],
)
def test_tampering_contradicts_what_is_recorded(tamper: Callable[[list[bytes]], list[bytes]], said: str) -> None:
    found = verified(tamper(VALUES))
    assert gravity(found) == Gravity.CONTRADICTS
    assert said in what(found)
    assert ROOT in what(found)


def test_order_between_streams_is_held_by_the_root_alone() -> None:
    found = verified([VALUES[0], VALUES[2], VALUES[1], *VALUES[3:]])
    assert what(found) == [ROOT]


def test_a_flipped_byte_is_seen_wherever_it_is() -> None:
    value = VALUES[0]
    for at in range(len(value)):
        changed = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
        assert ROOT in what(verified([changed, *VALUES[1:]])), f"byte {at}"


def test_an_event_of_another_log_does_not_belong() -> None:
    head = Head("GB-LAE-DEV", "spend", HEAD.size, HEAD.root)
    assert what(verified(VALUES, head))[0] == "GB-LAE-DEV/spend/0: belongs to /organisations/GB-LAE-SLF/spend"


def test_rewriting_events_and_tree_together_is_what_cannot_be_seen() -> None:
    rewritten = flip(VALUES)
    assert verified(rewritten, head_of(rewritten)).findings == ()


def test_another_schema_is_no_contradiction() -> None:
    found = verify(MemorySource([(HEAD, VALUES)]), {"localpound.spend.PaymentMatched.v1": {"sha256:other"}})
    assert gravity(found) == Gravity.UNREAD
    assert len(found.findings) == 3


class Lagging(MemorySource):
    """Like Kafka: what is missing may still be on its way."""

    def events(self, head: Head) -> Iterator[Placed]:
        return (placed for placed in super().events(head) if placed.index not in {1, 5})


def test_what_is_still_on_its_way_contradicts_nothing() -> None:
    found = verify(Lagging([(HEAD, VALUES)], may_lag=True), {})
    assert what(found) == ["GB-LAE-SLF/spend: 2 events are not here, or not yet"]
    assert gravity(found) == Gravity.UNREAD


class Broken(MemorySource):
    """A source that breaks off."""

    def events(self, head: Head) -> Iterator[Placed]:
        yield next(super().events(head))
        raise SourceUnreadableError("the feed broke off")


def test_a_source_that_breaks_off_contradicts_nothing() -> None:
    found = verify(Broken([(HEAD, VALUES)]), {})
    assert what(found) == ["GB-LAE-SLF/spend: the feed broke off"]
    assert gravity(found) == Gravity.UNREAD


def test_a_contradiction_outweighs_what_could_not_be_read() -> None:
    findings = [Finding(Gravity.UNREAD, "a", "b"), Finding(Gravity.CONTRADICTS, "c", "d")]
    assert verdict(findings) == Gravity.CONTRADICTS


def test_two_sources_that_are_each_intact_may_still_contradict_each_other() -> None:
    rewritten = flip(VALUES)
    sources = [
        verify(MemorySource([(HEAD, VALUES)], name="the feed"), {}),
        verify(MemorySource([(head_of(rewritten), rewritten)], name="Kafka"), {}),
    ]
    assert [source.findings for source in sources] == [(), ()]
    assert [finding.what for finding in compare(sources)] == ["its 6 events are others in Kafka than in the feed"]


def test_a_source_that_lags_behind_another_contradicts_nothing() -> None:
    shorter = VALUES[:4]
    sources = [
        verify(MemorySource([(HEAD, VALUES)]), {}),
        verify(MemorySource([(head_of(shorter), shorter)]), {}),
    ]
    assert compare(sources) == []
