from datetime import UTC, date, datetime

import pytest

from services.contracts.dates import began, last_day, published_day, stated_on

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    ["2022-07-31", "2022-07-31 00:00:00", "31/07/2022", "31.7.22", "31-Jul-22", "31 July 2022", "31st July 2022"],
)
def test_a_day_in_any_usual_form(text: str) -> None:
    assert published_day(text) == date(2022, 7, 31)


@pytest.mark.parametrize(
    "text", ["2022-09-31", "07/31/2022", "22/04/222", "44773", "31 Juli 2022", "0001-01-01", "٣١/٠٧/٢٠٢٢"]
)
def test_what_is_no_day_is_not_made_one(text: str) -> None:
    assert published_day(text) is None


@pytest.mark.parametrize(
    ("starts_on", "months", "day"),
    [
        (date(2013, 9, 1), "360", date(2043, 8, 31)),
        (date(2022, 8, 31), "6 months", date(2023, 2, 28)),
        (date(2022, 1, 30), "1.0", date(2022, 2, 28)),
        (date(2022, 1, 15), "12", date(2023, 1, 14)),
        (date(2022, 12, 1), "1", date(2022, 12, 31)),
        (date(2022, 1, 15), "0.3", None),
        (date(2022, 1, 15), "0", None),
        (date(2022, 1, 15), "Ongoing", None),
        (date(2022, 1, 15), "9999", None),
        (None, "12", None),
    ],
)
def test_a_term_of_whole_months_ends_the_day_before_it_began_or_with_the_month(
    starts_on: date | None, months: str, day: date | None
) -> None:
    assert last_day(starts_on, months) == day


@pytest.mark.parametrize(
    ("name", "given", "day"),
    [
        ("contracts-register-2022-07.csv", None, date(2022, 7, 31)),
        ("register 2022-02-14.csv", None, date(2022, 2, 14)),
        ("register-2022-07.csv", date(2022, 8, 1), date(2022, 8, 1)),
        ("register.csv", None, TODAY),
        ("register-2022-13.csv", None, TODAY),
        ("register-2022-02-30.csv", None, TODAY),
        ("register-2026-12.csv", None, TODAY),
        ("120220-07.csv", None, TODAY),
    ],
)
def test_the_day_of_a_statement(name: str, given: date | None, day: date) -> None:
    assert stated_on(name, given, TODAY) == day


def test_a_day_begins_by_the_clock_of_london() -> None:
    assert began(date(2022, 7, 31)) == datetime(2022, 7, 30, 23, tzinfo=UTC)
    assert began(date(2022, 1, 31)) == datetime(2022, 1, 31, tzinfo=UTC)
