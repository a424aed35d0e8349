"""How far a contract is used up, by hand."""

from datetime import date
from typing import Any

import pytest

from gateway.burn import Burn, per_cent


def burn(**changes: Any) -> Burn:
    plain: dict[str, Any] = {
        "payments": 2, "paid_pence": 25_000, "value_pence": 100_000, "starts_on": date(2022, 1, 1),
        "ends_on": date(2022, 12, 31), "recorded_from": date(2021, 4, 1), "as_of": date(2022, 3, 31),
    }  # fmt: skip
    return Burn(**(plain | changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (75_000, "25.0", "24.6")),  # 90 of 365 days
        ({"as_of": date(2021, 12, 31)}, (75_000, "25.0", "0.0")),
        ({"as_of": date(2022, 1, 1)}, (75_000, "25.0", "0.2")),
        ({"as_of": date(2022, 12, 31)}, (75_000, "25.0", "100.0")),
        ({"as_of": date(2024, 1, 1)}, (75_000, "25.0", "100.0")),
        ({"paid_pence": 123_456}, (-23_456, "123.4", "24.6")),
        ({"paid_pence": -500}, (100_500, "-0.5", "24.6")),
        ({"value_pence": None}, (None, None, "24.6")),
        ({"value_pence": 0}, (-25_000, None, "24.6")),
        ({"ends_on": None}, (75_000, "25.0", None)),
        ({"as_of": None}, (75_000, "25.0", None)),
    ],
)
def test_what_is_left_and_how_much_of_the_term_has_run(changes: dict[str, Any], expected: tuple[Any, ...]) -> None:
    found = burn(**changes)
    assert (found.remaining_pence, per_cent(found.paid_tenths), per_cent(found.elapsed_tenths)) == expected


def test_a_contract_from_before_the_record_says_so() -> None:
    assert not burn().began_before_record
    assert burn(starts_on=date(2021, 3, 31)).began_before_record
    assert not burn(starts_on=None).began_before_record
