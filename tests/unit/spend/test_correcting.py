"""Which row of a period published again is which payment: hand-worked tables of one supplier's rows."""

from datetime import date

import pytest

from services.spend.judgement.correcting import OnRecord, Unknown, corrections

Said = tuple[int, int]
"""Day of April and pence."""


def told(rows: list[Said], payments: list[Said], *, number: str | None = None, file_id: str = "F") -> dict[str, str]:
    """By row, the payment that it states otherwise, each named by its letter or place."""
    new = [Unknown(f"row {place}", "E", number, date(2021, 4, day), pence) for place, (day, pence) in enumerate(rows)]
    left_out = [
        OnRecord(
            payment_id=f"payment {place}", payee_id="E", document_number=number, file_id=file_id, line=place + 2,
            net_pence=pence, paid_on=date(2021, 4, day), version=3,
        )
        for place, (day, pence) in enumerate(payments)
    ]  # fmt: skip
    return {row[4:]: payment.payment_id[8:] for row, payment in corrections(new, left_out, {"F"}).items()}


@pytest.mark.parametrize("number", [None, "D1"])
@pytest.mark.parametrize(
    ("rows", "payments", "expected"),
    [
        ([(1, 150)], [(1, 100)], {"0": "0"}),
        ([(1, 150), (2, 250)], [(1, 100), (2, 200)], {"0": "0", "1": "1"}),
        ([(2, 250), (1, 150)], [(1, 100), (2, 200)], {"0": "1", "1": "0"}),
        ([(1, 100), (1, 250)], [(1, 100), (1, 200)], {"0": "0", "1": "1"}),  # one of which another column changed
        ([(9, 100), (2, 250)], [(1, 100), (2, 200)], {"0": "0", "1": "1"}),  # a day that was wrong
        ([(1, 150), (1, 250)], [(1, 100), (1, 200)], {}),  # not to be told apart
        ([(1, 150), (1, 250)], [(1, 100)], {}),
        ([(1, 150)], [(1, 100), (1, 200)], {}),
        ([(1, 150), (3, 350)], [(1, 100)], {"0": "0"}),  # and a payment that is new
        ([(8, 150), (9, 250)], [(1, 100), (2, 200)], {}),
        ([(8, 150), (2, 250)], [(1, 100), (2, 200)], {"0": "0", "1": "1"}),
    ],
)
def test_rows_of_one_supplier_are_told_apart_by_day_and_amount(
    rows: list[Said], payments: list[Said], expected: dict[str, str], number: str | None
) -> None:
    assert told(rows, payments, number=number) == expected


def test_without_a_number_only_a_file_that_is_published_again_is_corrected() -> None:
    assert told([(1, 150)], [(1, 100)], file_id="another") == {}
    assert told([(1, 150)], [(1, 100)], file_id="another", number="D1") == {"0": "0"}
