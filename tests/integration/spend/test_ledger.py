"""Payments from a ledger: all or nothing, never twice, and every door that must stay shut."""

import json
from typing import Any
from uuid import uuid4

import pytest

from doors.problems import BadRequest
from eventlog.credentials import Credential
from eventlog.store import EventLog
from services.spend import files, ledger
from tests.builders import DEVON, SALFORD


def machine(organisation: str = SALFORD) -> Credential:
    return Credential("machine/ledger", None, organisation, frozenset([files.ROLE]))


def body(**changes: Any) -> dict[str, Any]:
    return {"paid_on": "2022-07-01", "supplier_name": "Acme Ltd", "net": "950.00", "purpose": "Materials"} | changes


async def post(log: EventLog, sent: object, key: str | None = None, organisation: str = SALFORD) -> dict[str, Any]:
    raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    receipt = await ledger.receive(log, machine(organisation), key or uuid4().hex, raw)
    answer = await ledger.answer(log, organisation, receipt, 5.0)
    assert answer is not None
    return answer


async def test_a_payment_is_answered_with_its_positions(spend_log: EventLog) -> None:
    answer = await post(spend_log, body())
    assert answer["positions"] == [f"GB-LAE-SLF/spend/{index}" for index in range(3)]
    events = await spend_log.load(SALFORD, f"payment/{answer['payment_ids'][0]}")
    assert [event.type.split(".")[2] for event in events] == ["PaymentRecorded", "PaymentScoped", "PaymentUnmatched"]
    assert events[0].actor == "machine/ledger"
    assert events[0].actorperson is None


async def test_the_same_key_and_body_is_answered_alike_and_recorded_once(spend_log: EventLog) -> None:
    first = await post(spend_log, [body(), body()], "k1")
    again = await post(spend_log, [body(), body()], "k1")
    assert first == again
    assert len(set(first["payment_ids"])) == 2
    assert await spend_log.pool.fetchval("SELECT count(*) FROM spend.payment") == 2


async def test_a_payment_that_is_on_record_is_said_to_be_known(spend_log: EventLog) -> None:
    first = await post(spend_log, body())
    assert (first["new"], first["known"], first["known_ids"]) == (1, 0, [])
    mixed = await post(spend_log, [body(), body(net="1.00")])
    assert (mixed["new"], mixed["known"], mixed["known_ids"]) == (1, 1, first["payment_ids"])
    alone = await post(spend_log, body())
    assert (alone["new"], alone["known"], alone["positions"]) == (0, 1, [])


async def test_another_body_under_the_same_key_is_refused(spend_log: EventLog) -> None:
    await post(spend_log, body(), "k1")
    with pytest.raises(ledger.KeyUsedOtherwise):
        await post(spend_log, body(net="951.00"), "k1")
    assert await spend_log.pool.fetchval("SELECT sum(net_pence)::bigint FROM spend.payment") == 95_000


async def test_a_key_belongs_to_an_organisation(spend_log: EventLog) -> None:
    await post(spend_log, body(), "k1")
    other = await post(spend_log, body(net="1.00"), "k1", DEVON)
    assert other["positions"][0] == "GB-LAE-DEV/spend/0"


async def test_a_body_that_was_refused_leaves_its_key_free(spend_log: EventLog) -> None:
    with pytest.raises(BadRequest):
        await post(spend_log, body(net=950), "k1")
    assert (await post(spend_log, body(), "k1"))["positions"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (body(net=950), "net"),
        (body(net="1.005"), "net"),
        (body(net="1e3"), "net"),
        (body(net="NaN"), "net"),
        (body(net="Infinity"), "net"),
        (body(net="£950.00"), "net"),
        (body(net="١٢٣.٤٥"), "net"),
        (body(net="1_000.00"), "net"),
        (body(paid_on="01/07/2022"), "paid_on"),
        (body(paid_on=1_656_633_600), "paid_on"),
        (body(organisation="GB-LAE-DEV"), "organisation"),
        (body(supplier_name="\ud800"), None),
        (body(supplier_name="\x00"), "supplier_name"),
        (body(purpose="x" * 2_001), "purpose"),
        (body(company_number="IP29627R"), "company_number"),
        ([body(), body(supplier_name="")], "1.supplier_name"),
        (b'{"net": "1.00", "net": "2.00"}', "net"),
        (b'{"net": NaN}', None),
        (b'{"net": 1e400}', None),
        (b"[" * 100_000, None),
        (b"\xff", None),
        (b"", None),
        ([], None),
        (json.dumps([body() for _ in range(ledger.MOST_PAYMENTS + 1)]).encode(), None),
    ],
)
async def test_what_cannot_be_is_refused_by_field_and_changes_nothing(
    spend_log: EventLog, sent: object, field: str | None
) -> None:
    with pytest.raises(BadRequest) as refused:
        await post(spend_log, sent)
    assert 400 <= refused.value.status < 500
    if field is not None:
        assert refused.value.field == field
    assert await spend_log.size(SALFORD) == 0
    assert await spend_log.pool.fetchval("SELECT count(*) FROM spend.receipt") == 0
