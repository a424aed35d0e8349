"""A fact that grows: what was recorded before reads on, and what does not use the new field has the old bytes."""

from datetime import date
from pathlib import Path

import pytest

from deploy import fact_compatibility
from deploy.fact_compatibility import FOLDER, objection
from eventlog.codec import Codec
from eventlog.envelope import open_envelope
from localpound.verify.run import schema_digests
from schemas.fact import later_fields
from schemas.spend import PaymentRecorded, SupplierUnmatched
from tests.builders import payment_recorded
from tests.unit.eventlog.test_envelope import sealed


def test_a_later_field_is_written_only_where_it_is_used() -> None:
    plain = bytes(open_envelope(sealed(payment_recorded())).data)
    used = bytes(open_envelope(sealed(payment_recorded(purchase_order="PO-1", invoice_date=date(2022, 6, 1)))).data)
    assert plain.count(b":") == 17
    assert used == plain.replace(b'"line":', b'"invoice_date":"2022-06-01","line":').replace(
        b'"purpose":', b'"purchase_order":"PO-1","purpose":'
    )


def test_a_fact_reads_back_as_it_was() -> None:
    for fact in (payment_recorded(), payment_recorded(purchase_order="PO-1")):
        assert Codec(PaymentRecorded).decode(open_envelope(sealed(fact))) == fact


def test_a_fact_that_never_grew_is_written_as_it_is() -> None:
    fact = SupplierUnmatched(payee_id="E1", supplier_name="Acme", several=False)
    assert later_fields(SupplierUnmatched) == ()
    assert bytes(open_envelope(sealed(fact)).data) == b'{"payee_id":"E1","several":false,"supplier_name":"Acme"}'


def test_every_release_of_a_fact_has_an_example_that_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert objection(PaymentRecorded) is None
    for path in FOLDER.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(fact_compatibility, "FOLDER", tmp_path)
    grown = tmp_path / f"{PaymentRecorded.schema_name}+{len(later_fields(PaymentRecorded))}.json"
    grown.write_bytes(grown.read_bytes().replace(b'"invoice_number":"invoice_number"', b'"invoice_no":"1"'))
    assert objection(PaymentRecorded) == "does not give back the data that were stored"
    grown.unlink()
    assert objection(PaymentRecorded) == "has no golden envelope: run with --add"


def test_events_of_before_and_after_are_written_under_known_schemas() -> None:
    released = open_envelope((FOLDER / "spend.PaymentRecorded.v1.json").read_bytes())
    now = open_envelope(sealed(payment_recorded()))
    assert released.schemadigest != now.schemadigest
    assert {released.schemadigest, now.schemadigest} <= schema_digests()["localpound.spend.PaymentRecorded.v1"]
