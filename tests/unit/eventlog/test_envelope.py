import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from eventlog.codec import Codec, facts_in
from eventlog.envelope import instant, open_envelope, seal
from eventlog.errors import OversizeFactError, UnreadableFactError
from schemas import spend
from schemas.fact import Fact
from tests.builders import SALFORD, actor, cause, payment_matched, payment_recorded

COMMAND = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
TIME = "2021-04-01T00:00:00.000000Z"
codec = Codec(*facts_in(spend))


def sealed(fact: Fact | None = None) -> bytes:
    return seal(
        fact or payment_matched(),
        service="spend",
        organisation=SALFORD,
        stream="payment/P1",
        version=1,
        ordinal=0,
        actor=actor(),
        cause=cause(COMMAND),
        happened_at=TIME,
        recorded_at=TIME,
    )


def test_the_bytes_of_an_event_are_settled_for_ever() -> None:
    digest = spend.PaymentMatched.schema_name
    opened = open_envelope(sealed())
    assert sealed().decode() == (
        '{"actor":"person/officer","actororganisation":"GB-LAE-SLF","actorperson":"officer",'
        '"actorrole":"payments-recorder","commandid":"01890a5d-ac96-774b-bcce-b302099a8057",'
        '"correlationid":"01890a5d-ac96-774b-bcce-b302099a8057",'
        '"data":{"contract_id":"C1","payment_id":"P1","supplier_id":"GB-COH-00000001"},'
        f'"datacontenttype":"application/json","dataschema":"urn:localpound:schema:{digest}",'
        f'"id":"{opened.id}","recordedtime":"{TIME}","schemadigest":"{opened.schemadigest}",'
        '"source":"/organisations/GB-LAE-SLF/spend","specversion":"1.0","streamversion":1,'
        '"subject":"payment/P1",'
        f'"time":"{TIME}","type":"localpound.spend.PaymentMatched.v1"}}'
    )


@given(st.text(), st.integers(-(2**53) + 1, 2**53 - 1))
def test_sorted_compact_json_is_the_canonical_form(text: str, pence: int) -> None:
    fact = payment_recorded(supplier_name=text, net_pence=pence)
    value = sealed(fact)
    assert rfc8785.dumps(json.loads(value)) == value
    assert codec.decode(open_envelope(value)) == fact


def test_the_same_command_makes_the_same_event_ids() -> None:
    assert open_envelope(sealed()).id == open_envelope(sealed()).id


def test_an_envelope_over_65535_bytes_is_refused() -> None:
    with pytest.raises(OversizeFactError, match="65"):
        sealed(payment_recorded(purpose="x" * 65_535))


@pytest.mark.parametrize("value", [b"", b"null", b"{}", b"\xff\xfe", sealed()[:-1]])
def test_bytes_that_are_no_envelope_are_unreadable(value: bytes) -> None:
    with pytest.raises(UnreadableFactError):
        open_envelope(value)


def test_an_unknown_type_is_unreadable() -> None:
    with pytest.raises(UnreadableFactError, match=r"spend\.PaymentMatched\.v1"):
        Codec().decode(open_envelope(sealed()))


def test_instants_are_utc_with_microseconds() -> None:
    assert instant(datetime(2026, 11, 23, 8, 0, tzinfo=UTC)) == "2026-11-23T08:00:00.000000Z"
