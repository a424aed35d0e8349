"""The sample that a person judged: it is of our files, whole, and the measure sees a wrong verdict."""

from pathlib import Path

import pytest

from evaluation import scope


def test_three_hundred_payments_are_judged_with_a_reason_each() -> None:
    checked = scope.read_checked(scope.CHECKED)
    assert len(checked) == len({(each.row.line, each.row.net_pence, each.row.paid_on) for each in checked}) == 300
    assert all(each.reason for each in checked)
    assert scope.per_thousand(checked) == (966, 998)


def test_a_wrong_verdict_is_seen_and_another_payment_is_refused(tmp_path: Path) -> None:
    text = scope.CHECKED.read_text()
    other = tmp_path / "checked.csv"
    other.write_text(text.replace("public_body,the pooled budget's transfer", "grant,the pooled budget's transfer"))
    assert scope.per_thousand(scope.read_checked(other))[1] < scope.LEAST
    first = text.splitlines()[1]
    other.write_text(text.replace(first, first.replace(",contract_spend,", "0,contract_spend,")))
    with pytest.raises(LookupError, match="is not the payment that was judged"):
        scope.read_checked(other)
