"""What is wrong with one event, from its bytes alone."""

import json

import pytest

from localpound.verify.entry import examine
from localpound.verify.tree import leaf
from tests.unit.cli.logs import envelopes

GOOD = envelopes(1)[0]


def test_an_event_as_the_kernel_seals_it_has_no_faults() -> None:
    examined = examine(GOOD)
    assert examined.faults == ()
    assert (examined.stream, examined.version) == ("payment/P0", 1)
    assert examined.source == "/organisations/GB-LAE-SLF/spend"
    assert examined.type == "localpound.spend.PaymentRecorded.v1"
    assert examined.leaf == leaf(GOOD)


def test_letters_beyond_ascii_are_canonical_as_they_are() -> None:
    assert examine(GOOD.replace(b"Exhibitions Limited", "Zoë's Café £".encode())).faults == ()


def changed(**parts: object) -> bytes:
    document = json.loads(GOOD)
    document |= parts
    kept = {name: value for name, value in document.items() if value is not None}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (b"", "cannot be read as JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"[]", "is no JSON object"),
        (GOOD + b" ", "is not written in canonical form"),
        (GOOD.replace(b'"specversion"', b'"specversion":"1.0","specversion"'), "cannot be read as JSON: a key is written twice"),
        (GOOD.replace(b":70000", b":70000.0"), "cannot be read as JSON: 70000.0 is no integer"),
        (GOOD.replace(b":70000", b":NaN"), "cannot be read as JSON: NaN is no integer"),
        (GOOD.replace(b":70000", b":9007199254740992"), "cannot be read as JSON: an integer is too large"),
        (changed(actor=None), "has no actor"),
        (changed(note="x"), "has an attribute note that is not known"),
        (changed(specversion="0.3"), "is no CloudEvents 1.0 envelope"),
        (changed(streamversion=0), "has no stream version"),
        (changed(streamversion=True), "has no stream version"),
        (changed(data=[]), "has no data"),
        (changed(time="2021-04-01"), "has a time that is no instant"),
    ],
)  # fmt: skip
def test_each_fault_is_named(value: bytes, fault: str) -> None:
    assert fault in examine(value).faults


def test_bytes_that_are_no_text_are_a_fault_not_an_exception() -> None:
    assert examine(b"\xff").faults[0].startswith("cannot be read as JSON")


def test_nesting_without_end_is_a_fault_not_an_exception() -> None:
    assert examine(b"[" * 30_000).faults[0].startswith("cannot be read as JSON")
