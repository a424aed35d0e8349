"""Findings of Salford's that were judged by hand: they are those that are drawn, and a rule that is wrong more often is off."""

from collections import Counter
from pathlib import Path

import pytest

from evaluation import findings
from evaluation.contract_links import contract_spend
from evaluation.findings import CHECKED, draw, found_in, is_mostly_wrong, precision, read_checked
from evaluation.pairs import REGISTER, SAMPLES, read_known
from gateway.finding_shapes import Finding
from gateway.findings import RULES
from tests.builders import SALFORD


@pytest.fixture(scope="module")
def found() -> list[Finding]:
    register = read_known(SALFORD, REGISTER)
    return found_in(register, contract_spend(register, SAMPLES.glob("spend-*.csv")))


def test_all_findings_or_a_hundred_are_judged_with_a_reason_each(found: list[Finding]) -> None:
    checked = read_checked(CHECKED, found)
    assert Counter(each.code for each in found) == {
        "no_contract": 437, "before_start": 25, "over_annual": 18, "after_end": 10, "over_value": 6, "splitting": 7,
        "category_total": 6,
    }  # fmt: skip
    assert all(each.reason for each in checked)
    assert {each.verdict for each in checked} == {"right", "wrong", "cannot tell"}
    assert [each.now.finding_id for each in checked if each.now] == [each.finding_id for each in draw(found)]


def test_a_rule_is_off_where_less_than_half_of_its_findings_are_right(found: list[Finding]) -> None:
    checked = read_checked(CHECKED, found)
    by_rule = {rule.code: precision(each for each in checked if each.code == rule.code) for rule in RULES}
    assert by_rule == {
        "no_contract": (725, 446), "after_end": (666, 658), "before_start": (791, 978), "over_value": (800, 969),
        "over_annual": (647, 656), "splitting": (142, 94), "late_order": (None, None), "other_party": (None, None),
        "card_on_contract": (None, None), "category_total": (800, 192), "missing_reference": (None, None),
    }  # fmt: skip
    wrong = [r.code for r in RULES if is_mostly_wrong(each for each in checked if each.code == r.code)]
    assert wrong == [rule.code for rule in RULES if not rule.on]


def test_a_finding_that_is_no_more_the_same_is_not_counted(found: list[Finding], tmp_path: Path) -> None:
    other = tmp_path / "checked.csv"
    first = CHECKED.read_text().splitlines()[1]
    stake = first.split(",")[3]
    other.write_text(CHECKED.read_text().replace(first, first.replace(f",{stake},", f",{stake}1,")))
    before, after = read_checked(CHECKED, found), read_checked(other, found)
    assert [each.now is None for each in after].count(True) == [each.now is None for each in before].count(True) + 1
    assert after[0].at_stake_pence == 0


def test_the_measure_says_what_each_rule_comes_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert findings.main([]) == 0
    assert "splitting (off)" in capsys.readouterr().out
    assert findings.main(["--draw"]) == 0
    assert capsys.readouterr().out.startswith(",".join(findings.COLUMNS))
