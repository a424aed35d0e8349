"""Each rule for findings on hand-worked sums: what it asks about, how much is at stake, and when it keeps quiet."""

from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest

from gateway.finding_shapes import ContractPaid, Finding, Said, Seen, Single, Unmatched
from gateway.findings import RULES, by_rule, findings, pounds
from schemas.legal_days import legal_day

BAND = 2_500_000
ON = date(2022, 9, 1)


def contract(**changes: Any) -> ContractPaid:
    return ContractPaid(**{
        "contract_id": "C1", "title": "Swings", "supplier_name": "Acme Ltd", "value_pence": 1_000_000,
        "annual_pence": 500_000, "starts_on": date(2021, 4, 1), "ends_on": date(2023, 3, 31), **changes,
    })  # fmt: skip


def unmatched(
    month: date, pence: int, answer: Literal["no_contract", "expired", "early"] = "no_contract", *candidates: str
) -> Unmatched:
    return Unmatched(
        supplier_id="S1", name="Acme Ltd", answer=answer, month=month, payments=1, net_pence=pence,
        candidates=candidates,
    )  # fmt: skip


def single(day: date, pence: int) -> Single:
    return Single(supplier_id="S1", name="Acme Ltd", paid_on=day, net_pence=pence)


def found(
    *, contracts: tuple[ContractPaid, ...] = (), months: tuple[Unmatched, ...] = (), singles: tuple[Single, ...] = ()
) -> list[Finding]:
    seen = Seen(contracts={each.contract_id: each for each in contracts}, unmatched=months, singles=singles)
    return findings(seen, ON, also={"splitting"})


def told(each: Finding) -> tuple[str, str, int, int]:
    return each.code, each.cause_id, each.at_stake_pence, each.payments


def month(number: int) -> date:
    return date(2021 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ((unmatched(month(1), BAND - 1),), []),
        ((unmatched(month(1), BAND),), [("no_contract", "S1", BAND, 1)]),
        ((unmatched(month(1), BAND - 1), unmatched(month(12), 1)), [("no_contract", "S1", BAND, 2)]),
        ((unmatched(month(1), BAND - 1), unmatched(month(13), 1)), []),  # never both within twelve months
        ((unmatched(month(1), BAND), unmatched(month(2), -1)), []),  # a credit note
        ((unmatched(month(1), 5), unmatched(month(20), BAND)), [("no_contract", "S1", BAND + 5, 2)]),
    ],
)
def test_without_a_contract_twelve_months_are_added_up(
    months: tuple[Unmatched, ...], expected: list[tuple[str, str, int, int]]
) -> None:
    assert [told(each) for each in found(months=months)] == expected


def test_a_supplier_that_may_be_one_of_the_register_is_said_to_be_so() -> None:
    months = (unmatched(month(1), BAND), unmatched(month(2), BAND, "expired", "C1"))
    seen = Seen(contracts={}, unmatched=months, singles=(), may_be={"S1": ["Acme Holdings", "Acme UK"], "S2": ["Bolt"]})
    said = {each.code: each.inputs.get("may_be") for each in findings(seen, ON)}
    assert said == {"no_contract": "Acme Holdings or Acme UK", "after_end": None}


def test_paid_after_the_end_names_the_last_of_the_contracts_that_were_considered() -> None:
    other = contract(contract_id="C2", ends_on=date(2022, 9, 30))
    months = (unmatched(month(29), 300, "expired", "C1", "C2"), unmatched(month(30), 200, "expired", "C2"))
    (finding,) = found(contracts=(contract(), other), months=months)
    assert told(finding) == ("after_end", "S1", 500, 2)
    assert finding.inputs == {"last_end": "2023-03-31"}
    later = contract(contract_id="C3", starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31))
    (finding,) = found(contracts=(contract(), later), months=(unmatched(month(29), 300, "expired", "C1", "C3"),))
    assert finding.inputs == {"last_end": "2023-03-31"}
    assert found(contracts=(contract(),), months=(unmatched(month(29), -300, "expired", "C1"),)) == []


@pytest.mark.parametrize(("number", "expected"), [(27, []), (28, []), (29, [("after_end", "S1", 300, 1)])])
def test_the_month_of_the_end_and_the_next_are_given_for_the_last_invoices(
    number: int, expected: list[tuple[str, str, int, int]]
) -> None:
    paid = unmatched(month(number), 300, "expired", "C1")  # the contract ends on 31 March 2023, in month 27
    assert [told(each) for each in found(contracts=(contract(),), months=(paid,))] == expected
    assert [told(each) for each in found(contracts=(), months=(paid,))] == [("after_end", "S1", 300, 1)], (
        "no end is known"
    )


def test_paid_before_the_start_names_the_first_day() -> None:
    (finding,) = found(contracts=(contract(),), months=(unmatched(month(2), 300, "early", "C1"),))
    assert told(finding) == ("before_start", "S1", 300, 1)
    assert finding.inputs == {"first_start": "2021-04-01"}


def test_over_its_value_is_what_was_paid_beyond_it() -> None:
    paid = {0: (2, 500_000), 1: (3, 500_001)}
    assert [told(each) for each in found(contracts=(contract(by_year=paid),))] == [("over_value", "C1", 1, 5)]
    assert found(contracts=(contract(by_year={0: (2, 500_000), 1: (3, 500_000)}),)) == []
    assert found(contracts=(contract(by_year=paid, value_pence=None),)) == []


def test_over_a_years_value_by_more_than_a_tenth_in_years_of_the_term() -> None:
    (finding,) = found(contracts=(contract(by_year={0: (2, 550_000), 1: (3, 550_001)}, value_pence=None),))
    assert told(finding) == ("over_annual", "C1", 50_001, 3)
    assert finding.inputs["years"] == "2"
    assert found(contracts=(contract(by_year={0: (9, 900_000)}, annual_pence=1_000_000),)) == []


@pytest.mark.parametrize(
    ("ends_on", "code"),
    [(date(2022, 10, 1), "over_value"), (date(2022, 10, 2), "over_annual"), (None, "over_value")],
)
def test_one_sum_for_a_year_and_for_a_term_of_several_is_taken_for_that_of_a_year(
    ends_on: date | None, code: str
) -> None:
    paid = {0: (2, 450_000), 1: (3, 600_000)}
    same = contract(value_pence=500_000, ends_on=ends_on, by_year=paid)
    (finding,) = found(contracts=(same,))
    assert finding.code == code
    assert finding.at_stake_pence == (550_000 if code == "over_value" else 100_000)


def test_three_payments_just_below_the_band_within_thirty_days() -> None:
    near = BAND * 80 // 100
    days = [date(2021, 4, 1), date(2021, 4, 15), date(2021, 5, 1)]
    (finding,) = found(singles=tuple(single(day, near) for day in days))
    assert told(finding) == ("splitting", "S1", 3 * near, 3)
    assert found(singles=tuple(single(day, near - 1) for day in days)) == []
    assert found(singles=tuple(single(day, BAND) for day in days)) == []
    assert found(singles=(*(single(day, near) for day in days[:2]), single(date(2021, 5, 2), near))) == []


def test_a_rule_that_is_off_is_silent_until_it_is_asked_or_somebody_has_answered() -> None:
    singles = tuple(single(date(2021, 4, day), BAND - 1) for day in (1, 2, 3))
    seen = Seen(contracts={}, unmatched=(), singles=singles)
    assert [rule.code for rule in RULES if not rule.on] == ["splitting"]
    assert findings(seen, ON) == []
    assert "splitting" not in {each.rule.code for each in by_rule([])}
    (finding,) = findings(seen, ON, also={"splitting"})
    assert [each.rule.code for each in by_rule([finding]) if each.count] == ["splitting"]
    answered = Seen(contracts={}, unmatched=(), singles=singles, said={finding.finding_id: Said(answer="explained")})
    assert [each.finding_id for each in findings(answered, ON)] == [finding.finding_id]


def test_the_most_money_comes_first_and_a_cause_keeps_its_id() -> None:
    months = (unmatched(month(1), BAND), unmatched(month(2), BAND + 1, "expired"))
    first, second = found(months=months)
    assert (first.code, second.code) == ("after_end", "no_contract")
    (again,) = found(months=(unmatched(month(5), 7, "expired"),))
    assert again.finding_id == first.finding_id
    assert len({rule.code for rule in RULES}) == len(RULES) == 11


def test_pounds_are_written_with_pence() -> None:
    assert (pounds(BAND), pounds(-105)) == ("£25,000.00", "-£1.05")


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (None, "open"),
        (Said(owner="Head of Highways"), "open"),
        (Said(answer="explained"), "explained"),
        (Said(answer="accepted", until=ON), "accepted"),
        (Said(answer="accepted", until=date(2022, 8, 31)), "open"),
        (Said(answer="dismissed"), "dismissed"),
    ],
)
def test_an_answer_stands_through_its_last_day(said: Said | None, state: str) -> None:
    months = (unmatched(month(1), BAND),)
    (asked,) = found(months=months)
    said_of = {asked.finding_id: said} if said else {}
    (finding,) = findings(Seen(contracts={}, unmatched=months, singles=(), said=said_of), ON)
    assert (finding.state, finding.at_stake_pence) == (state, BAND)


def test_the_day_is_that_of_england() -> None:
    assert legal_day(datetime(2022, 6, 30, 23, 30, tzinfo=UTC)) == date(2022, 7, 1)
    assert legal_day(datetime(2022, 12, 31, 23, 30, tzinfo=UTC)) == date(2022, 12, 31)
