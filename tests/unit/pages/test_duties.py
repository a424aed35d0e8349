"""Section 70 and regulation 38 by hand, on the days on which they turn."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from gateway.duties import HalfYear, Paid, due_on, over_30000, prompt_payment, standing
from schemas.legal_days import Quarter

Q2 = Quarter(2026, 2)
SPRING = HalfYear(2026, 3)


def paid(**changes: Any) -> Paid:
    plain: dict[str, Any] = {
        "payment_id": "P1", "paid_on": date(2026, 5, 1), "received_on": None, "net_pence": 3_000_001,
        "gross_pence": 3_000_001, "on_contract": True, "contract_starts_on": date(2026, 5, 1),
    }  # fmt: skip
    return Paid(**(plain | changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "not_known"),
        ({"contract_starts_on": date(2026, 4, 1)}, "not_known"),
        ({"contract_starts_on": date(2026, 3, 31)}, "outside"),
        ({"contract_starts_on": None}, "not_known"),
        ({"on_contract": False, "contract_starts_on": None}, "no_contract"),
    ],
)
def test_no_procurement_commences_after_its_contract_began(changes: dict[str, Any], expected: str) -> None:
    assert standing(paid(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({"gross_pence": 3_000_000}, (0, 0)),
        ({"net_pence": 2_500_001, "gross_pence": 3_000_001}, (1, 0)),
        ({"net_pence": 3_000_001, "gross_pence": None}, (1, 1)),
        ({"net_pence": 3_000_000, "gross_pence": None}, (0, 0)),
        ({"net_pence": -9_000_000, "gross_pence": -9_000_000}, (0, 0)),
        ({"paid_on": date(2026, 3, 31)}, (0, 0)),
        ({"paid_on": date(2026, 6, 30)}, (1, 0)),
        ({"paid_on": date(2026, 7, 1)}, (0, 0)),
    ],
)
def test_single_payments_over_30000_with_vat(changes: dict[str, Any], counted: tuple[int, int]) -> None:
    found = over_30000(Q2, [paid(**changes), paid(net_pence=2_000_000, gross_pence=2_000_000)])
    assert (found.not_known.payments, found.without_vat.payments) == counted


def test_it_is_due_on_the_thirtieth_day_that_begins_with_the_last() -> None:
    assert over_30000(Q2, []).due_on == date(2026, 7, 29)
    assert due_on(SPRING.last) == date(2026, 4, 29)


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("2025-Q3", date(2025, 4, 1), date(2025, 9, 30)),
        ("2025-Q4", date(2025, 10, 1), date(2026, 3, 31)),
        ("2026-Q1", date(2025, 10, 1), date(2026, 3, 31)),
        ("2026-Q2", date(2026, 4, 1), date(2026, 9, 30)),
    ],
)
def test_a_quarter_belongs_to_a_half_year(quarter: str, first: date, last: date) -> None:
    half = HalfYear.of(Quarter.read(quarter))
    assert (half.first, half.last) == (first, last)


@pytest.mark.parametrize(("day", "quarter"), [(date(2026, 1, 1), "2026-Q1"), (date(2026, 12, 31), "2026-Q4")])
def test_a_day_lies_in_a_quarter_that_follows_another(day: date, quarter: str) -> None:
    found = Quarter.of(day)
    assert str(found) == quarter
    assert found.before.last + timedelta(days=1) == found.first


def invoice(received: date | None, took: int, pence: int = 10_000) -> Paid:
    on = (received or date(2026, 1, 1)) + timedelta(days=took)
    return paid(received_on=received, paid_on=on, net_pence=pence)


def test_days_are_counted_from_the_day_after_it_was_received() -> None:
    january = date(2026, 1, 5)
    found = prompt_payment(SPRING, [invoice(january, 0), invoice(january, 30), invoice(january, 31),
                                    invoice(january, 60), invoice(january, 61), invoice(None, 1)])  # fmt: skip
    assert (found.within_30, found.within_60, found.later) == (2, 2, 1)
    assert (found.days, found.mean_days, found.mean_days_written) == (182, Fraction(182, 5), "36.4")
    assert (found.known.payments, found.missing.payments, found.missing.net_pence) == (5, 1, 10_000)


def test_what_became_payable_and_was_paid_after_the_half_year() -> None:
    found = prompt_payment(
        SPRING,
        [
            invoice(date(2026, 3, 1), 30, 100),  # payable and paid on 31 March
            invoice(date(2026, 3, 1), 31, 20),  # paid on 1 April
            invoice(date(2026, 3, 2), 40, 3),  # payable on 1 April: of the next
            invoice(date(2025, 9, 1), 40, 5),  # payable on 1 October
            invoice(date(2025, 8, 31), 60, 7_000),  # payable on 30 September: of the one before
            invoice(date(2026, 3, 1), 30, -100),  # a credit pays nothing
        ],
    )
    assert (found.payable_pence, found.unpaid_pence) == (125, 20)


def test_without_any_day_of_receipt_nothing_is_said() -> None:
    found = prompt_payment(SPRING, [invoice(None, 3)])
    assert (found.mean_days, found.mean_days_written, found.missing.payments) == (None, None, 1)
