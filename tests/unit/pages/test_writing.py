"""How money, days, cells and addresses are written."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import money
from gateway.pages import spreadsheets, words
from gateway.pages.asked import instant
from gateway.pages.links import Links
from gateway.reads import BadInput
from schemas.cells import defused


@pytest.mark.parametrize(
    ("pence", "exact", "brief"),
    [
        (0, "£0.00", "£0.00"),
        (123_456, "£1,234.56", "£1,234.56"),
        (-1_200, "−£12.00", "−£12.00"),
        (99_999_999, "£999,999.99", "£999,999.99"),
        (100_000_000, "£1,000,000.00", "£1.0m"),
        (124_999_999, "£1,249,999.99", "£1.2m"),
        (125_000_000, "£1,250,000.00", "£1.3m"),
        (-125_000_000, "−£1,250,000.00", "−£1.3m"),
        (52_992_531_107, "£529,925,311.07", "£529.9m"),
    ],
)
def test_money_is_written_exactly_and_in_short(pence: int, exact: str, brief: str) -> None:
    assert (money.pounds(pence), money.short(pence)) == (exact, brief)


@pytest.mark.parametrize(
    ("hundredths", "unit", "written"),
    [
        (5_200, "weeks", "52 weeks"),
        (1_250, "hours", "12.5 hours"),
        (1, "FTE-years", "0.01 FTE-years"),
        (123_456_700, "hours", "1,234,567 hours"),
        (0, "weeks", "0 weeks"),
        (13_000_000, "pence", "£1,300.00"),
        (50, "pence", "0.5 pence"),
    ],
)
def test_quantities_are_written_in_their_units_and_pence_in_pounds(hundredths: int, unit: str, written: str) -> None:
    assert words.quantity(hundredths, unit) == written


@given(st.integers(-(2**53), 2**53))
def test_money_for_spreadsheets_reads_back_to_the_penny(pence: int) -> None:
    whole, _, rest = money.decimal(pence).partition(".")
    sign = -1 if whole.startswith("-") else 1
    assert sign * (abs(int(whole)) * 100 + int(rest)) == pence


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [(1, 3, "33.3 %"), (2, 3, "66.7 %"), (-1, 4, "−25.0 %"), (1, 0, "–"), (5, -1, "–"), (1, 1, "100.0 %")],
)
def test_shares(part: int, whole: int, written: str) -> None:
    assert money.share(part, whole) == written


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "  =1", "−1"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


def test_numbers_stay_numbers_and_text_stays_whole() -> None:
    number = spreadsheets.Number("-12.00")
    assert spreadsheets.line([number, "a,b", 'say "x"', None, 7]) == '-12.00,"a,b","say ""x""",,7\r\n'


def test_periods_days_and_facts_in_words() -> None:
    assert words.period("2021-04") == "April 2021"
    assert words.period("2021-22") == "2021-22"
    assert words.day(date(2021, 4, 1)) == "1 April 2021"
    assert words.day(None) == "–"
    assert words.moment(datetime(2021, 4, 1, 9, 5, 7, tzinfo=UTC)) == "1 April 2021, 09:05:07 UTC"
    assert words.fact("localpound.spend.PaymentRecorded.v1") == "A payment was recorded"
    assert words.fact("else") == "else"


def test_no_word_of_an_answer_accuses() -> None:
    said = " ".join([*words.ANSWERS.values(), *words.ANSWER_HELP.values(), *words.SCOPES.values()]).lower()
    accusing = ("off-contract", "maverick", "breach", "illegal", "unlawful", "non-compliant", "violation", "rogue")
    assert [word for word in accusing if word in said] == []


def test_links_keep_the_instant_and_quote_what_is_not_theirs() -> None:
    to = Links("2022-07-04")
    assert to.home() == "/?as_known_at=2022-07-04"
    assert to.one("GB-LAE-SLF", "suppliers", "a/b?c") == (
        "/organisations/GB-LAE-SLF/suppliers/a%2Fb%3Fc?as_known_at=2022-07-04"
    )
    assert Links().under("X", "payments", scope=None, q="a&b") == "/organisations/X/payments?q=a%26b"


@pytest.mark.parametrize(
    ("text", "known_at"),
    [
        ("2026-03-31", datetime(2026, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-03-31T17:00", datetime(2026, 3, 31, 17, tzinfo=UTC)),
        ("2026-03-31T17:00:00+01:00", datetime(2026, 3, 31, 16, tzinfo=UTC)),
        ("2026-03-31T17:00:00 01:00", datetime(2026, 3, 31, 16, tzinfo=UTC)),
    ],
)
def test_an_instant_is_a_day_or_a_moment(text: str, known_at: datetime) -> None:
    assert instant(text) == known_at


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "31/03/2026", "0001-01-01T00:00+14:00", "x" * 500])
def test_anything_else_is_no_instant(text: str) -> None:
    with pytest.raises(BadInput):
        instant(text)
