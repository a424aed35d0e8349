"""Payments from a ledger: all or nothing, never twice, and every door that must stay shut."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from doors.problems import BadRequest
from eventlog.codec import Codec
from eventlog.credentials import Credential
from eventlog.store import EventLog
from schemas.spend import PaymentRecorded
from services.spend.feeds import ledger, receipts
from services.spend.feeds.payment_input import MOST_PAYMENTS
from services.spend.published import files
from tests.builders import DEVON, SALFORD


def machine(organisation: str = SALFORD) -> Credential:
    return Credential("machine/ledger", None, organisation, frozenset([files.ROLE]))


def body(**changes: Any) -> dict[str, Any]:
    return {"paid_on": "2022-07-01", "supplier_name": "Acme Ltd", "net": "950.00", "purpose": "Materials"} | changes


async def post(log: EventLog, sent: object, key: str | None = None, organisation: str = SALFORD) -> dict[str, Any]:
    raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    receipt = await ledger.receive(log, machine(organisation), key or uuid4().hex, raw)
    answer = await receipts.answer(log, organisation, receipt, 5.0)
    assert answer is not None
    return answer


async def test_a_payment_is_answered_with_its_positions(spend_log: EventLog) -> None:
    answer = await post(spend_log, body())
    assert answer["positions"] == [f"GB-LAE-SLF/spend/{index}" for index in range(3)]
    events = await spend_log.load(SALFORD, f"payment/{answer['payment_ids'][0]}")
    assert [event.type.split(".")[2] for event in events] == ["PaymentRecorded", "PaymentScoped", "PaymentUnmatched"]
    assert events[0].actor == "machine/ledger"
    assert events[0].actorperson is None


BOOKED = {
    "document_number": "5105600101", "document_line": "001", "invoice_number": "INV-7", "invoice_date": "2022-06-01",
    "received_date": "2022-06-03", "purchase_order": "PO-4500", "cost_centre": "CC10", "account": "40010",
    "irrecoverable_vat": "19.00", "pay_run": "2022-W26", "status": "cleared",
}  # fmt: skip


async def test_all_that_a_ledger_books_is_in_the_fact(spend_log: EventLog) -> None:
    answer = await post(spend_log, body(vat="190.00", gross="1140.00", **BOOKED))
    first = (await spend_log.load(SALFORD, f"payment/{answer['payment_ids'][0]}"))[0]
    fact = Codec(PaymentRecorded).decode(first)
    assert isinstance(fact, PaymentRecorded)
    assert (fact.document_number, fact.document_line, fact.invoice_number) == ("5105600101", "001", "INV-7")
    assert (fact.invoice_date, fact.received_date) == (date(2022, 6, 1), date(2022, 6, 3))
    assert (fact.purchase_order, fact.cost_centre, fact.account) == ("PO-4500", "CC10", "40010")
    assert (fact.irrecoverable_vat_pence, fact.pay_run, fact.status) == (1_900, "2022-W26", "cleared")
    assert (fact.net_pence, fact.vat_pence, fact.gross_pence) == (95_000, 19_000, 114_000)


async def test_a_payment_without_a_booking_has_the_identity_and_the_bytes_that_it_always_had(
    spend_log: EventLog,
) -> None:
    answer = await post(spend_log, body())
    assert answer["payment_ids"] == ["aac7f68f8ba003bde1eb5fb7"]
    first = (await spend_log.load(SALFORD, f"payment/{answer['payment_ids'][0]}"))[0]
    assert b"purchase_order" not in bytes(first.data)


@pytest.mark.parametrize("field", BOOKED)
async def test_payments_that_are_booked_otherwise_are_two(spend_log: EventLog, field: str) -> None:
    await post(spend_log, body())
    again = await post(spend_log, [body(), body(**{field: BOOKED[field]})])
    assert (again["new"], again["known"]) == (1, 1)


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
    with pytest.raises(receipts.KeyUsedOtherwise):
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
        (body(vat="190.00", gross="1140.01"), "gross"),
        (body(invoice_date="2022-7-1"), "invoice_date"),
        (body(irrecoverable_vat=1), "irrecoverable_vat"),
        (body(purchase_order="PO\n1"), "purchase_order"),
        ([body(), body(supplier_name="")], "1.supplier_name"),
        (b'{"net": "1.00", "net": "2.00"}', "net"),
        (b'{"net": NaN}', None),
        (b'{"net": 1e400}', None),
        (b"[" * 100_000, None),
        (b"\xff", None),
        (b"", None),
        ([], None),
        (json.dumps([body() for _ in range(MOST_PAYMENTS + 1)]).encode(), None),
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
