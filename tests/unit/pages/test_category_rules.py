"""What many small purchases of one category come to, worked by hand at the band, the months and the contracts."""

from datetime import date
from typing import Any

import pytest

from gateway.category_rules import category_total
from gateway.finding_shapes import Bought, Covered, Finding, Seen

APRIL = date(2021, 4, 1)
PRINT = "271400"


def bought(supplier: str, pence: int, month: date = APRIL, code: str = PRINT) -> Bought:
    return Bought(category_code=code, supplier_id=supplier, month=month, payments=1, net_pence=pence)


def found(*each: Bought, covered: Any = ()) -> list[Finding]:
    return list(category_total(Seen(contracts={}, unmatched=(), singles=(), bought=each, covered=covered)))


def test_small_suppliers_of_a_category_reach_the_band_together() -> None:
    assert found(bought("S1", 1_250_000), bought("S2", 1_249_999)) == []
    (one,) = found(bought("S1", 1_250_000), bought("S2", 1_250_000))
    assert (one.code, one.cause, one.cause_id, one.at_stake_pence, one.payments) == (
        "category_total", "category", PRINT, 2_500_000, 2,
    )  # fmt: skip
    assert one.name == "Information Communication Technology / Office & Reprographics Equipment"
    assert one.inputs == {
        "band": "£25,000.00", "suppliers": "2", "most_in_twelve_months": "£25,000.00", "from_month": "2021-04",
    }  # fmt: skip


def test_a_supplier_that_reaches_the_band_alone_is_another_rules() -> None:
    assert found(bought("S1", 2_500_000), bought("S2", 2_400_000)) == []
    (one,) = found(bought("S1", 2_499_999), bought("S2", 1), bought("S3", 9_000_000))
    assert (one.at_stake_pence, one.inputs["suppliers"]) == (2_500_000, "2")
    assert found(bought("S1", 1_300_000), bought("S1", 1_300_000, date(2022, 4, 1))) == [], (
        "one supplier is no category"
    )


@pytest.mark.parametrize(("later", "asked"), [(date(2022, 3, 1), True), (date(2022, 4, 1), False)])
def test_twelve_months_in_a_row_are_added_up(later: date, asked: bool) -> None:
    assert bool(found(bought("S1", 1_250_000), bought("S2", 1_250_000, later))) is asked


def test_categories_are_not_added_to_each_other() -> None:
    assert found(bought("S1", 2_000_000), bought("S2", 2_000_000, code="140000")) == []


@pytest.mark.parametrize(
    ("code", "starts_on", "ends_on", "asked"),
    [
        (PRINT, date(2021, 1, 1), date(2021, 4, 1), False),
        (PRINT, date(2021, 1, 1), date(2021, 3, 31), True),
        (PRINT, date(2022, 3, 31), date(2023, 1, 1), False),
        (PRINT, date(2022, 4, 1), date(2023, 1, 1), True),
        (PRINT, None, None, False),
        ("270000", date(2021, 1, 1), date(2022, 1, 1), True),
    ],
)
def test_a_contract_of_the_category_in_those_months_answers_it(
    code: str, starts_on: date | None, ends_on: date | None, asked: bool
) -> None:
    contract = Covered(category_code=code, starts_on=starts_on, ends_on=ends_on)
    assert bool(found(bought("S1", 2_000_000), bought("S2", 2_000_000), covered=[contract])) is asked
