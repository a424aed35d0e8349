"""Rows with history depend on the facts alone, not on batches or repetitions."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, defstruct

from eventlog.columns import columns_of
from eventlog.history import HistoryProjection, Key, Table, Version, fold
from eventlog.projector import Recorded
from schemas.spend import PaymentMatched
from tests.builders import NOON, payment_matched


class Row(Struct, frozen=True, kw_only=True, gc=False):
    payment_id: str
    contract_id: str | None = None
    seen: tuple[str, ...] = ()


def project(row: Row | None, fact: PaymentMatched, _recorded: Recorded) -> Row:
    seen = row.seen if row else ()
    if fact.contract_id in seen:
        return row or Row(payment_id=fact.payment_id)
    return Row(payment_id=fact.payment_id, contract_id=fact.contract_id, seen=(*seen, fact.contract_id))


TABLE = Table(
    name="payment",
    row=Row,
    key="payment_id",
    facts=(PaymentMatched,),
    key_of=lambda fact: fact.payment_id,
    project=project,
)


def recorded(payment: int, contract: int, seconds: int, version: int) -> Recorded:
    fact = payment_matched(payment_id=f"P{payment}", contract_id=f"C{contract}")
    at = NOON + timedelta(seconds=seconds)
    return Recorded(
        "GB-LAE-SLF", "spend", version, f"payment/P{payment}", version, f"e{version}", "t", NOON, at, fact, b""
    )


events = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 4)), max_size=30).map(
    lambda given: [recorded(p, c, s, n) for n, (p, c, s) in enumerate(given, start=1)]
)
splits = st.lists(st.integers(1, 8), min_size=1, max_size=30)


class Stored:
    """What the table holds, as the statements of `history` leave it."""

    def __init__(self) -> None:
        self.current: dict[Key, Version[Row]] = {}
        self.closed: list[tuple[Key, Version[Row]]] = []

    def apply(self, batch: list[Recorded]) -> None:
        keyed = [(("GB-LAE-SLF", r.fact.payment_id), r) for r in batch]  # type: ignore[union-attr]
        for key, change in fold(TABLE, self.current, keyed).items():
            if change.versions and change.before and not change.replaces:
                ended = change.before
                self.closed.append(
                    (key, Version(ended.row, ended.stream, ended.known_from, change.versions[0].known_from))
                )
            for version in change.versions:
                if version.known_to is None:
                    self.current[key] = version
                else:
                    self.closed.append((key, version))

    def rows(self) -> list[tuple[Any, ...]]:
        both = [*self.closed, *self.current.items()]
        return sorted((key, v.known_from, str(v.known_to), v.row.seen, v.stream) for key, v in both)


def folded(batches: list[list[Recorded]]) -> Stored:
    stored = Stored()
    for batch in batches:
        stored.apply(batch)
    return stored


@given(events, splits)
def test_any_split_into_batches_makes_the_same_rows(facts: list[Recorded], sizes: list[int]) -> None:
    batches, rest = [], facts
    for size in sizes:
        batches.append(rest[:size])
        rest = rest[size:]
    assert folded([*batches, rest]).rows() == folded([facts]).rows()


@given(events)
def test_a_rows_versions_follow_each_other_without_gap_or_overlap(facts: list[Recorded]) -> None:
    stored = folded([[fact] for fact in facts])
    for key, current in stored.current.items():
        versions = sorted((v.known_from, v.known_to) for k, v in stored.closed if k == key)
        ends = [end for _, end in versions]
        begins = [*(begin for begin, _ in versions), current.known_from][1:]
        assert ends == begins
        assert all(begin < end for begin, end in versions if end)


def test_a_version_that_was_never_known_is_not_kept() -> None:
    stored = folded([[recorded(1, 1, 5, 1)], [recorded(1, 2, 5, 2)], [recorded(1, 3, 3, 3)]])
    assert stored.closed == []
    assert [v.row.seen for v in stored.current.values()] == [("C1", "C2", "C3")]
    assert [v.known_from for v in stored.current.values()] == [NOON + timedelta(seconds=5)]


def test_a_fact_that_changes_nothing_makes_no_version() -> None:
    stored = folded([[recorded(1, 1, 1, 1)], [recorded(1, 1, 9, 2)]])
    assert stored.closed == []
    assert [v.known_from for v in stored.current.values()] == [NOON + timedelta(seconds=1)]


def test_a_rows_fields_become_columns() -> None:
    class Wide(Struct, frozen=True):
        key: str
        pence: int
        paid_on: date | None
        sure: bool
        names: tuple[str, ...]
        kind: Literal["a", "b"]

    columns = columns_of(Wide, "key")
    assert columns.create("x_1", "wide")[0] == (
        'CREATE TABLE IF NOT EXISTS "x_1"."wide" (organisation text NOT NULL, "key" text NOT NULL,'
        ' "pence" bigint NOT NULL, "paid_on" date, "sure" boolean NOT NULL, "names" text[] NOT NULL,'
        ' "kind" text NOT NULL, stream text NOT NULL, known_from timestamptz NOT NULL,'
        " known_to timestamptz NOT NULL DEFAULT 'infinity') WITH (fillfactor = 90)"
    )


@pytest.mark.parametrize("hint", [float, datetime, dict, int | str])
def test_a_field_that_no_column_can_hold_is_refused(hint: Any) -> None:
    bad = defstruct("Bad", [("key", str), ("field", hint)], module=__name__)
    with pytest.raises(TypeError, match=r"no column can hold|one column cannot hold"):
        columns_of(bad, "key")


def test_a_projection_subscribes_to_what_its_tables_want() -> None:
    projection = HistoryProjection(name="x", version=1, topics=("spend.events",), tables=(TABLE, TABLE))
    assert projection.facts == (PaymentMatched,)
