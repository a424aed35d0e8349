"""What may have been paid twice, by hand: each rule on what it asks about, and on what looks the same and is not."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.duplicates import Duplicate, Paid, Recovered, duplicates, suffixed, transposed
from gateway.finding_shapes import NOTHING_SAID, Said

ON = date(2022, 9, 1)
FIRST = date(2022, 7, 1)


def paid(number: int = 1, **changes: Any) -> Paid:
    plain: dict[str, Any] = {
        "payment_id": f"P{number}", "supplier_id": "ACME", "supplier_name": "Acme Ltd", "invoice_number": "A1001",
        "document_number": f"D{number}", "paid_on": FIRST + timedelta(days=number - 1), "net_pence": 95_000,
        "department": "Place", "purpose": "Materials",
    }  # fmt: skip
    return Paid(**(plain | changes))


def asked(*payments: Paid, every: bool = True) -> list[Duplicate]:
    return duplicates(payments, {}, ON, every=every)


SAME, OTHER = {"invoice_number": "A 1001"}, {"supplier_id": "BOLT", "supplier_name": "Bolt Ltd"}


@pytest.mark.parametrize(
    ("second", "rule"),
    [
        ({}, "same_invoice"),
        (SAME, "same_invoice"),
        (SAME | {"supplier_name": "ACME LIMITED"}, "same_invoice"),  # one supplier, spelt twice
        (SAME | {"paid_on": FIRST}, None),  # lines of one invoice
        (SAME | {"net_pence": 95_001}, None),
        (SAME | {"net_pence": -95_000}, None),
        ({"invoice_number": "A1001A"}, "suffixed_invoice"),
        ({"invoice_number": "A1001/COPY"}, "suffixed_invoice"),
        ({"invoice_number": "a1001-a", "paid_on": FIRST}, "suffixed_invoice"),
        ({"invoice_number": "INV A1001"}, "suffixed_invoice"),
        ({"invoice_number": "A10012"}, None),  # another invoice of a series
        ({"invoice_number": "A1002"}, None),
        ({"invoice_number": "A1010"}, "transposed_invoice"),
        ({"invoice_number": "REDACTED 1"}, None),
        ({"invoice_number": None}, None),
        (OTHER, None),  # four digits: a batch's number may be many payees'
        ({"document_number": "D1"}, None),  # the bank sent the money back, and it went out again
        ({"document_number": None}, "same_invoice"),
        ({"purpose": "Glass"}, "same_invoice"),  # another account is how it came to be paid again
    ],
)  # fmt: skip
def test_two_payments_of_one_amount(second: dict[str, Any], rule: str | None) -> None:
    found = asked(paid(1), paid(2, **second))
    assert [each.code for each in found] == ([rule] if rule else [])
    assert [each.at_stake_pence for each in found] == ([95_000] if rule else [])


WHOLE: dict[str, Any] = {"invoice_pence": 300_000}


@pytest.mark.parametrize(
    ("second", "rule"),
    [
        (WHOLE, "same_invoice"),
        ({"invoice_pence": 299_999}, None),  # one price on two invoices of many lines
        (WHOLE | {"invoice_number": "A1001A"}, "suffixed_invoice"),
        ({"invoice_number": "A1001A", "invoice_pence": 95_000}, None),
        (WHOLE | {"invoice_number": "A1010"}, "transposed_invoice"),
        ({"invoice_number": "A1010", "invoice_pence": 95_000}, None),
    ],
)  # fmt: skip
def test_a_line_is_paid_twice_only_with_its_invoice(second: dict[str, Any], rule: str | None) -> None:
    assert [each.code for each in asked(paid(1, **WHOLE), paid(2, **second))] == ([rule] if rule else [])


def test_one_number_to_two_payees_is_one_invoice_only_where_it_comes_to_the_same() -> None:
    number = {"invoice_number": "26012025"}
    one, other = paid(1, **number, **WHOLE), paid(2, **number, **OTHER)
    assert [each.code for each in asked(one, replace(other, **WHOLE))] == ["other_payee"]
    assert asked(one, replace(other, invoice_pence=520_000)) == []


@pytest.mark.parametrize("label", [{"other_sums": True}, {"number_payees": 3}])
def test_a_number_of_other_sums_or_of_many_payees_is_a_label(label: dict[str, Any]) -> None:
    number = {"invoice_number": "16287424"} | label
    for second in ({}, {"invoice_number": "16287424A"}, {"invoice_number": "16287442"}, OTHER):
        assert asked(paid(1, **number), paid(2, **(number | second))) == []


def test_the_year_is_no_number() -> None:
    year = str(FIRST.year)
    assert [each.code for each in asked(*(paid(n, invoice_number=year) for n in (1, 20)))] == []
    assert len(asked(*(paid(n, invoice_number=str(FIRST.year + 1)) for n in (1, 20)))) == 1


@pytest.mark.parametrize(
    ("one", "other", "is_asked"),
    [
        ("Rent 25.03.24", "Rent 24.06.24", False),
        ("Rent 25.03.24", "Rent 25.03.24", True),
        ("Route 104, May 2024", "Route 104, JULY 2024", False),
        ("Route 104, May 2024", "Route 104, May *2*", True),
        ("Breaks Feb25", "Breaks Mar25", False),
        ("Rent 25.03.24", "Rent", True),  # one says nothing of when
        ("Marketing", "Mayor's parlour", True),
    ],
)
def test_purposes_of_other_days_or_months_are_other_invoices(one: str, other: str, is_asked: bool) -> None:
    assert bool(asked(paid(1, purpose=one), paid(2, purpose=other))) == is_asked


def test_two_digits_that_changed_places_are_no_slip_in_a_series() -> None:
    pair = [paid(n, invoice_number=number) for n, number in enumerate(("77012", "77021"), 1)]
    assert [each.code for each in asked(*pair)] == ["transposed_invoice"]
    assert asked(*pair, paid(9, invoice_number="77040")) == []


@pytest.mark.parametrize(
    ("numbers", "rule"),
    [
        (("67031816", "67031816"), "other_payee"),
        (("EXE-O-19796", "exe o 19796"), "other_payee"),
        (("F96", "F96"), None),
        (("67031816", "67031817"), None),
        (("SUMMER", "SUMMER"), None),
    ],
)
def test_one_invoice_to_two_payees(numbers: tuple[str, str], rule: str | None) -> None:
    one, other = paid(1, invoice_number=numbers[0]), paid(2, invoice_number=numbers[1], **OTHER)
    assert [each.code for each in asked(one, other)] == ([rule] if rule else [])


def test_a_number_of_three_payees_is_a_schemes() -> None:
    number = {"invoice_number": "67031816"}
    assert asked(paid(1, **number), paid(2, **number, **OTHER), paid(3, **number, supplier_id="CEDAR")) == []


@pytest.mark.parametrize(
    ("days", "changes", "rule"),
    [
        (1, {}, "near_date"), (7, {}, "near_date"), (8, {}, None), (0, {}, None), (3, {"purpose": "Fees"}, None),
    ],
)  # fmt: skip
def test_without_invoice_numbers_only_when_everything_is_asked(
    days: int, changes: dict[str, Any], rule: str | None
) -> None:
    none = {"invoice_number": None}
    pair = paid(1, **none), paid(2, paid_on=FIRST + timedelta(days=days), **none, **changes)
    assert [each.code for each in asked(*pair)] == ([rule] if rule else [])
    assert asked(*pair, every=False) == []
    assert asked(*pair, paid(40, **none)) == []  # an amount that is paid regularly


def test_what_is_credited_is_not_at_stake() -> None:
    pair = paid(1), paid(5)
    back = paid(9, net_pence=-95_000, invoice_number="CN1")
    assert asked(*pair, back) == []
    (found,) = asked(*pair, paid(7), back)
    assert (len(found.payments), [c.payment_id for c in found.credits], found.at_stake_pence) == (3, ["P9"], 95_000)
    assert len(asked(*pair, paid(9, net_pence=-95_000, paid_on=FIRST - timedelta(days=1)))) == 1  # of something before
    assert len(asked(*pair, paid(9, net_pence=-95_000, **OTHER))) == 1
    assert len(asked(*pair, paid(9, net_pence=-94_999))) == 1


def test_what_credits_have_settled_is_told_when_it_is_asked_for() -> None:
    payments = [paid(1), paid(5), paid(9, net_pence=-95_000)]
    (found,) = duplicates(payments, {}, ON, settled=True)
    assert (found.at_stake_pence, [each.payment_id for each in found.credits]) == (0, ["P9"])
    assert found.finding_id == asked(paid(1), paid(5))[0].finding_id


def test_a_third_payment_joins_the_question_and_its_id_stays() -> None:
    (two,), (three,) = asked(paid(1), paid(2)), asked(paid(1), paid(2), paid(9))
    assert (two.finding_id, two.cause_id) == (three.finding_id, three.cause_id)
    assert (two.at_stake_pence, three.at_stake_pence) == (95_000, 190_000)


def test_what_was_said_and_what_came_back_stand_beside_it() -> None:
    (found,) = asked(paid(1), paid(2))
    said = Said(answer="explained", reason="Paid twice", until=ON)
    recovered = Recovered(pence=50_000, on=ON, how="refund", reference=None)
    (told,) = duplicates([paid(1), paid(2)], {found.finding_id: (said, recovered)}, ON)
    assert (told.state, told.recovered.pence) == ("explained", 50_000)
    (later,) = duplicates([paid(1), paid(2)], {found.finding_id: (said, recovered)}, ON + timedelta(days=1))
    assert (later.state, later.recovered.pence) == ("open", 50_000)
    assert (found.said, found.recovered.pence) == (NOTHING_SAID, 0)


@pytest.mark.parametrize(
    ("one", "other", "suffix", "swap"),
    [
        ("123", "123A", True, False), ("00123", "123", True, False), ("INV123", "123", True, False),
        ("12", "12A", False, False), ("123", "1234", False, False), ("123", "123ABCDE", False, False),
        ("123", "123", False, False), ("1234", "1243", False, True), ("1234", "1324", False, True),
        ("1234", "1235", False, False), ("1234", "4321", False, False), ("1233", "1233", False, False),
    ],
)  # fmt: skip
def test_when_numbers_are_alike(one: str, other: str, suffix: bool, swap: bool) -> None:
    assert (suffixed(one, other), suffixed(other, one)) == (suffix, suffix)
    assert (transposed(one, other), transposed(other, one)) == (swap, swap)


SOME = st.lists(
    st.tuples(
        st.sampled_from(["A1001", "A1001A", "A1010", "67031816", None]), st.sampled_from(["ACME", "BOLT", "CEDAR"]),
        st.sampled_from([95_000, -95_000, 40_000]), st.integers(0, 9),
    ),
    max_size=12,
)  # fmt: skip


@given(SOME, st.randoms(use_true_random=False))
def test_the_order_makes_no_difference_and_no_more_is_at_stake_than_was_paid(
    told: list[Any], chance: random.Random
) -> None:
    payments = [
        paid(n, invoice_number=number, supplier_id=who, net_pence=pence, paid_on=FIRST + timedelta(days=day))
        for n, (number, who, pence, day) in enumerate(told)
    ]
    found = asked(*payments)
    assert len({each.finding_id for each in found}) == len(found)
    for each in found:
        assert 0 < each.at_stake_pence < sum(one.net_pence for one in each.payments)
        assert all(one.net_pence > 0 for one in each.payments)
    chance.shuffle(payments)
    assert asked(*payments) == found


def test_a_credit_gives_back_one_payment_and_no_other() -> None:
    pairs = [paid(n, invoice_number=number) for n, number in enumerate(("A1001", "A1001", "B2002", "B2002"), 1)]
    back = paid(9, net_pence=-95_000, invoice_number="CN1")
    assert [each.at_stake_pence for each in asked(*pairs)] == [95_000, 95_000]
    assert [each.at_stake_pence for each in asked(*pairs, back)] == [95_000]
    assert asked(*pairs, back, replace(back, payment_id="P10")) == []


def test_numbers_that_are_alike_are_one_question() -> None:
    numbers = ("77001", "77001A", "77001B", "77001AB")
    (one,) = asked(*(paid(n, invoice_number=number) for n, number in enumerate(numbers, 1)))
    assert (one.code, len(one.payments), one.at_stake_pence) == ("suffixed_invoice", 4, 285_000)


def test_a_number_of_many_days_is_a_label() -> None:
    assert len(asked(*(paid(n) for n in range(1, 4)))) == 1
    assert asked(*(paid(n) for n in range(1, 5))) == []
