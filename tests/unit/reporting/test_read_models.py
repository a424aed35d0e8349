"""What each read model makes of its facts, by its pure functions alone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from eventlog.envelope import instant, open_envelope, seal
from eventlog.errors import UnreadableFactError
from eventlog.history import fold
from eventlog.projector import Recorded
from schemas.contracts import ContractAwarded, ContractRestated, RegisterReceived, SupplierStated
from schemas.fact import Fact
from schemas.social_value import CommitmentMade, OutcomeClaimed, OutcomeVerified
from schemas.spend import PaymentRecorded, SpendFileReceived
from services.reporting.__main__ import READ_MODELS
from services.reporting.read_models import compliance, contract_register, outcomes, source_files
from tests.builders import NOON, SALFORD, actor, cause, payment_matched, payment_recorded
from tests.integration.gateway_graphql.story import contract, scoped, unmatched

ACME = "GB-COH-00000001"


def recorded(fact: Fact, by: str = SALFORD, at: datetime = NOON) -> Recorded:
    """A fact and its circumstances."""
    envelope = seal(
        fact, service="spend", organisation=SALFORD, stream="s", version=1, ordinal=0,
        actor=actor(organisation=by), cause=cause(), happened_at=instant(at), recorded_at=instant(at),
    )  # fmt: skip
    opened = open_envelope(envelope)
    return Recorded(SALFORD, "spend", 0, "s", 1, opened.id, opened.type, at, at, fact, envelope)


def payment(*facts: Any) -> compliance.PaymentRow:
    """A payment's row after these facts."""
    row: compliance.PaymentRow | None = None
    for fact in facts:
        row = compliance.project(row, fact, recorded(fact))
    assert row is not None
    return row


def test_a_payment_keeps_what_was_published() -> None:
    fact, row = payment_recorded(), payment(payment_recorded())
    for field in fields(PaymentRecorded):
        assert getattr(row, field.name) == getattr(fact, field.name), field.name
    assert (row.scope, row.answer, row.contract_id, row.supplier_id, row.candidates) == (None, None, None, None, ())


def test_payments_are_applied_in_two_lanes() -> None:
    assert compliance.compliance.streams_apart


def test_a_scope_and_its_rule_are_added() -> None:
    row = payment(payment_recorded(), scoped("P1", "grant"))
    assert (row.scope, row.scope_rule, row.rules_dated) == ("grant", "by department", date(2022, 1, 1))


def test_the_last_judgement_stands_whichever_way_it_changed() -> None:
    on = payment(payment_recorded(), scoped("P1"), unmatched("P1", "ambiguous", ACME), payment_matched())
    assert (on.answer, on.contract_id, on.supplier_id) == ("on_contract", "C1", ACME)
    off = payment(payment_recorded(), scoped("P1"), payment_matched(), unmatched("P1", "expired", ACME))
    assert (off.answer, off.contract_id, off.supplier_id) == ("expired", None, ACME)


@pytest.mark.parametrize("fact", [scoped("P1"), unmatched("P1"), payment_matched()])
def test_what_comes_before_its_payment_is_parked_and_not_lost(fact: Any) -> None:
    with pytest.raises(UnreadableFactError):
        compliance.project(None, fact, recorded(fact))


def test_a_contract_row_has_every_field_of_its_facts() -> None:
    names = {field.name for field in fields(ContractAwarded)}
    assert names == {f.name for f in fields(ContractRestated)} == set(contract_register.ContractRow.__struct_fields__)
    assert {f.name for f in fields(SupplierStated)} == set(contract_register.SupplierRow.__struct_fields__)
    first, later = contract(), contract(ContractRestated, value_pence=1)
    row = contract_register.project_contract(None, first, recorded(first))
    assert row.value_pence == 10_000_000
    assert contract_register.project_contract(row, later, recorded(later)).value_pence == 1


def test_files_of_both_kinds_keep_every_count() -> None:
    counts = {
        name: number
        for number, name in enumerate(f.name for f in fields(SpendFileReceived) if f.name.endswith(("_rows", "_pence")))
    }
    spend = SpendFileReceived(file_id="f", file_name="n", byte_count=9, period="2021-04", encoding="utf-8", **counts)
    register = RegisterReceived(
        file_id="f", file_name="n", byte_count=9, stated_on=date(2022, 7, 1), encoding="utf-8", **counts
    )
    for fact, kind, period, stated_on in (
        (spend, "spend", "2021-04", None),
        (register, "register", None, date(2022, 7, 1)),
    ):
        row = source_files.project_file(None, fact, recorded(fact))
        assert (row.kind, row.period, row.stated_on) == (kind, period, stated_on)
        assert {name: getattr(row, name) for name in counts} == counts


def test_a_claim_says_who_claims_and_who_found_it_true() -> None:
    same = {"claim_id": "L1", "commitment_id": "K1", "contract_id": "C1"}
    claimed = OutcomeClaimed(**same, quantity=100, delivered_on=date(2022, 1, 1), evidence_digest="e")
    verified = OutcomeVerified(**same, quantity=90, verdict="partial")
    row = outcomes.project_claim(None, claimed, recorded(claimed, by=ACME))
    assert (row.claimed_by, row.verified_quantity, row.verified_by) == (ACME, None, None)
    row = outcomes.project_claim(row, verified, recorded(verified, by="GB-COH-00000002"))
    assert (row.claimed_by, row.verified_quantity, row.verdict, row.verified_by) == (
        ACME,
        90,
        "partial",
        "GB-COH-00000002",
    )
    made = CommitmentMade(
        commitment_id="K1", contract_id="C1", measure="m", unit="weeks", quantity=1, due_on=date(2022, 1, 1)
    )
    assert outcomes.project_commitment(None, made, recorded(made)).quantity == 1


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.integers(0, 5))
def test_rows_are_the_same_however_facts_are_split_into_batches(later: list[int], cut: int) -> None:
    choices: list[Fact] = [scoped("P1"), unmatched("P1"), unmatched("P1", "expired", ACME), payment_matched()]
    facts = [payment_recorded(), *(choices[n] for n in later)]
    days = [datetime(2022, 7, 1 + n, tzinfo=UTC) for n in range(len(facts))]
    batch = [((SALFORD, "P1"), recorded(fact, at=at)) for fact, at in zip(facts, days, strict=True)]
    table = compliance.compliance.tables[0]
    whole = fold(table, {}, batch)[SALFORD, "P1"].versions
    first = fold(table, {}, batch[: cut + 1])[SALFORD, "P1"].versions
    rest = fold(table, {(SALFORD, "P1"): first[-1]}, batch[cut + 1 :]) if batch[cut + 1 :] else {}
    last = rest[SALFORD, "P1"].versions[-1] if rest and rest[SALFORD, "P1"].versions else first[-1]
    assert last.row == whole[-1].row == payment(*facts)


def test_the_read_models_have_names_topics_and_facts_of_their_own() -> None:
    assert [model.name for model in READ_MODELS] == [
        "contract_register", "supplier_spend", "suppliers_described", "compliance", "outcomes", "source_files", "ledger", "audit_trail",
    ]  # fmt: skip
    assert {topic for model in READ_MODELS for topic in model.topics} == {
        "contracts.events", "spend.events", "social_value.events", "access.events",
    }  # fmt: skip
