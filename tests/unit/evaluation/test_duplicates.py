"""The questions that were judged by hand: all are still asked by their rules, and rules that are mostly wrong are off."""

from pathlib import Path

import pytest

from evaluation import duplicates
from gateway.duplicates import RULE


def test_every_judged_question_is_asked_and_a_rule_that_is_mostly_wrong_is_off() -> None:
    counts = duplicates.by_rule(duplicates.read_checked(duplicates.CHECKED))
    assert counts == {
        "same_invoice": (2, 2), "suffixed_invoice": (4, 4), "other_payee": (3, 3), "transposed_invoice": (0, 7),
        "near_date": (7, 33),
    }  # fmt: skip
    assert all(RULE[code].usual == (2 * fair >= asked) for code, (fair, asked) in counts.items())
    assert counts.keys() == RULE.keys()


def test_a_question_that_is_not_asked_is_told_of(tmp_path: Path) -> None:
    other = tmp_path / "checked.csv"
    other.write_text(duplicates.CHECKED.read_text().replace("R 01228", "R 01229"))
    with pytest.raises(LookupError, match="R01228"):
        duplicates.read_checked(other)
