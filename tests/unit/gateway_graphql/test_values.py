"""Scalars, cursors and ids: what they say, and what they do not take."""

import contextlib
from datetime import UTC, date, datetime

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from gateway.asking import read_id, write_id
from gateway.reads import BadInput
from gateway.reads.contracts import ORDERS as CONTRACT_ORDERS
from gateway.reads.files import _FILES, _ROWS
from gateway.reads.filters import ContractOrder, PaymentOrder
from gateway.reads.payments import ORDERS
from gateway.reads.sql import read_cursor, write_cursor
from gateway.scalars import read_day, read_instant, read_pence, write_instant

PAID = ORDERS[PaymentOrder.PAID_ON_DESC]
NET = ORDERS[PaymentOrder.NET_PENCE_ASC]
KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@pytest.mark.parametrize(("given_", "pence"), [(5, 5), ("5", 5), ("-5", -5), (2**53 - 1, 2**53 - 1), (2**31, 2**31)])
def test_pence_are_whole_numbers_of_any_size_that_json_keeps(given_: object, pence: int) -> None:
    assert read_pence(given_) == pence


@pytest.mark.parametrize(
    "given_", [1.0, 1e9, "1.0", "1e9", "", " 5", "٥", True, None, 2**53, "9" * 17, float("nan"), "NaN"]
)
def test_what_is_no_whole_number_is_no_pence(given_: object) -> None:
    with pytest.raises(GraphQLError):
        read_pence(given_)


def test_days_and_instants_have_one_form() -> None:
    assert read_day("2021-04-30") == date(2021, 4, 30)
    assert read_instant("2021-04-30T01:00:00+01:00") == datetime(2021, 4, 30, tzinfo=UTC)
    assert read_instant("2021-04-30t00:00:00z") == datetime(2021, 4, 30, tzinfo=UTC)
    assert write_instant(datetime(2021, 4, 30, tzinfo=UTC)) == "2021-04-30T00:00:00.000000Z"


@pytest.mark.parametrize("text", ["2021-02-30", "20210430", "2021-W01-1", "30/04/2021", "", 20210430, None])
def test_no_day(text: object) -> None:
    with pytest.raises(GraphQLError):
        read_day(text)


@pytest.mark.parametrize(
    "text", ["2021-04-30", "2021-04-30T00:00:00", "2021-04-30T25:00:00Z", "0001-01-01T00:00:00+14:00", 1, None]
)
def test_no_instant(text: object) -> None:
    with pytest.raises(GraphQLError):
        read_instant(text)


@given(day=st.dates(), organisation=KEYS, key=KEYS)
def test_a_cursor_says_what_was_written(day: date, organisation: str, key: str) -> None:
    assert read_cursor(write_cursor(PAID.name, day, organisation, key), PAID) == (day, organisation, key)


@given(pence=st.integers(-(2**63) + 1, 2**63 - 1))
def test_a_cursor_keeps_pence_exactly(pence: int) -> None:
    assert read_cursor(write_cursor(NET.name, pence, "o", "k"), NET) == (pence, "o", "k")


@given(st.text(max_size=300))
def test_any_other_text_is_no_cursor(text: str) -> None:
    for order in (PAID, NET, CONTRACT_ORDERS[ContractOrder.TITLE_ASC], _FILES, _ROWS):
        with pytest.raises(BadInput):
            read_cursor(text, order)


@pytest.mark.parametrize(
    "cursor",
    [
        write_cursor("net_pence_asc", 1, "o", "k"),  # another order's
        write_cursor("paid_on_desc", "2021-4-1", "o", "k"),
        write_cursor("paid_on_desc", "20210401", "o", "k"),
        write_cursor("paid_on_desc", date(2021, 4, 1), "o\0", "k"),
        write_cursor("paid_on_desc", date(2021, 4, 1), "o", "\ud800"),
    ],
)
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput):
        read_cursor(cursor, PAID)


@given(
    kind=st.from_regex(r"[A-Z][A-Za-z]{1,20}", fullmatch=True),
    organisation=st.from_regex(r"[A-Z0-9-]{1,20}", fullmatch=True),
    key=KEYS,
)
def test_an_id_says_what_was_written(kind: str, organisation: str, key: str) -> None:
    assert read_id(write_id(kind, organisation, key)) == (kind, organisation, key)


@given(st.text(max_size=100))
def test_any_text_is_an_id_or_refused(text: str) -> None:
    with contextlib.suppress(BadInput):
        assert len(read_id(text)) == 3
