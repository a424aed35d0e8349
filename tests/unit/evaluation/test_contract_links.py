"""Links of payments to contracts: measured on one denominator, drawn alike each time, and precise where judged by hand."""

from collections import Counter
from pathlib import Path

import pytest

from evaluation import contract_links
from evaluation.contract_links import (
    BY_CHANCE,
    CHECKED,
    Paid,
    among,
    contract_spend,
    draw,
    draw_by_chance,
    precision,
    read_checked,
    rest,
    sums,
)
from evaluation.pairs import REGISTER, SAMPLES, read_known
from tests.builders import SALFORD


@pytest.fixture(scope="module")
def paid() -> list[Paid]:
    return contract_spend(read_known(SALFORD, REGISTER), SAMPLES.glob("spend-*.csv"))


def test_the_share_by_the_rules_is_above_that_by_exact_names_of_the_same_spend(paid: list[Paid]) -> None:
    assert sums(paid) == (16_719, 24_053_384_525)
    assert sums(each for each in paid if each.answer == "on_contract") == (1_437, 7_246_253_895)
    assert sums(each for each in paid if each.exact == "on_contract") == (1_530, 6_129_349_216)


def test_three_hundred_links_are_judged_each_with_a_reason_and_are_those_that_are_drawn_by_money(
    paid: list[Paid],
) -> None:
    checked = read_checked(CHECKED, paid)
    left = [each for each in checked if each.stands]
    assert all(each.reason for each in checked)
    assert {each.verdict for each in checked} == {"right", "wrong", "cannot tell"}
    drawn = among(left, draw(paid))
    assert (len(checked), len(left), len(drawn)) == (578, 498, 299)
    assert (precision(drawn), precision(left), precision(rest(left, paid))) == ((996, 999), (990, 999), (987, 997))
    assert len([each for each in checked if each.verdict == "right" and not each.stands]) == 1


def test_three_hundred_others_were_drawn_by_chance_and_judged_after_the_rules_were_set(paid: list[Paid]) -> None:
    unseen = read_checked(BY_CHANCE, paid)
    drawn = draw_by_chance(paid, read_checked(CHECKED, paid))
    assert [each.paid.place for each in unseen] == [each.place for each in drawn]
    assert all(each.stands and each.reason for each in unseen)
    assert Counter(each.verdict for each in unseen) == {"right": 224, "wrong": 2, "cannot tell": 74}
    assert precision(unseen) == (991, 970)


def test_a_wrong_verdict_is_seen_and_another_payment_is_refused(paid: list[Paid], tmp_path: Path) -> None:
    text = CHECKED.read_text()
    other = tmp_path / "checked.csv"
    other.write_text(text.replace(",right,", ",wrong,", 50))
    assert precision([each for each in read_checked(other, paid) if each.stands])[0] < 970
    first = text.splitlines()[1]
    other.write_text(text.replace(first, first.replace(",GB-LAE-SLF-", "0,GB-LAE-SLF-", 1)))
    with pytest.raises(LookupError, match="is not the payment that was judged"):
        read_checked(other, paid)


def test_spend_without_its_register_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        contract_links.main(["spend.csv"])
    assert "given together" in capsys.readouterr().err


def test_another_pair_is_measured_without_the_judged_links(capsys: pytest.CaptureFixture[str]) -> None:
    assert contract_links.main([str(SAMPLES / "spend-2021-04.csv"), "--register", str(REGISTER)]) == 0
    said = capsys.readouterr().out
    assert "Contract spend: 1," in said
    assert "Judged by hand" not in said
    for how in ([], ["--by-chance"]):
        assert contract_links.main(["--draw", "3", *how]) == 0
        told = capsys.readouterr().out.splitlines()
        assert (told[0], len(told)) == (",".join(contract_links.COLUMNS), 4)
