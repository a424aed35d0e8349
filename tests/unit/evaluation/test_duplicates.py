"""The questions that were judged by hand: all are still asked by their rules, and rules that are mostly wrong are off."""

import csv
from pathlib import Path

import pytest

from evaluation import duplicates
from gateway.duplicates import RULE


def test_every_judged_question_is_asked_and_a_rule_that_is_mostly_wrong_is_off() -> None:
    counts = duplicates.by_rule(duplicates.read_checked(duplicates.CHECKED))
    assert counts == {
        "same_invoice": (33, 52), "suffixed_invoice": (25, 33), "other_payee": (16, 22), "transposed_invoice": (3, 10),
        "near_date": (10, 54),
    }  # fmt: skip
    assert all(RULE[code].usual == (2 * fair >= asked) for code, (fair, asked) in counts.items())
    assert counts.keys() == RULE.keys()


def test_a_question_that_is_not_asked_is_told_of(tmp_path: Path) -> None:
    other = tmp_path / "checked.csv"
    other.write_text(duplicates.CHECKED.read_text().replace("R 01228", "R 01229"))
    with pytest.raises(LookupError, match="R01228"):
        duplicates.read_checked(other)


def test_of_the_fair_questions_before_the_rules_were_mended_one_is_lost() -> None:
    def fair(path: Path) -> set[tuple[str, str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["verdict"] == "fair"]
        return {(row["payee"], row["number"], row["net_pence"]) for row in rows}

    before = fair(duplicates.BEFORE)
    assert len(before) == 9
    assert before - fair(duplicates.CHECKED) == {("Calm Homecare Ltd", "2", "83464")}
