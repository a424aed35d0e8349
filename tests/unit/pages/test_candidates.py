"""Which of several contracts is the likeliest, by hand: one thing that fits outweighs all lesser ones."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gateway.candidates import ranked
from gateway.reads.shapes import Contract, Payment


def contract(name: str, **changes: Any) -> Contract:
    plain: dict[str, Any] = {
        "organisation": "GB-LAE-SLF", "contract_id": name, "reference": None, "title": "Cleaning", "description": "",
        "supplier_id": "S1", "supplier_name": "Acme Ltd", "directorate": "", "procedure": "", "starts_on": None,
        "ends_on": None, "value_pence": None, "annual_pence": None, "category_code": None, "category_label": "",
        "extends_contract_id": None, "file_id": "f", "line": 2, "stated_on": date(2022, 7, 1),
        "known_from": datetime(2022, 7, 1, tzinfo=UTC), "incomplete": False,
    }  # fmt: skip
    return Contract(**(plain | changes))


def payment(**changes: Any) -> Payment:
    known: dict[str, Any] = {each.name: None for each in fields(Payment)} | {
        "paid_on": date(2022, 7, 1), "net_pence": 100_000, "department": "Highways", "purpose": "Gritting of roads",
        "candidates": (), "category_code": "391400", "contract_reference": "R1",
    }  # fmt: skip
    return Payment(**(known | changes))


FITS: dict[str, dict[str, Any]] = {
    "its reference is named": {"reference": "R1"},
    "what was bought is of its category": {"category_code": "391000"},
    "in force on the day": {"starts_on": date(2022, 7, 1), "ends_on": date(2022, 7, 1)},
    "words of the account are in its title": {"title": "Winter gritting"},
    "the amount is within its value": {"value_pence": 100_000},
    "bought by the same part of the organisation": {"directorate": "Place and Highways"},
}
MISSES: list[dict[str, Any]] = [
    {"reference": "R2"},
    {"category_code": "271400"},
    {"starts_on": date(2022, 7, 2), "ends_on": date(2022, 8, 1)},
    {"starts_on": date(2022, 6, 1), "ends_on": date(2022, 6, 30)},
    {"starts_on": date(2022, 6, 1)},
    {"title": "Other services of groups"},
    {"value_pence": 99_999},
    {"directorate": "People"},
]


@pytest.mark.parametrize("words", FITS)
def test_each_thing_that_fits_is_said(words: str) -> None:
    (found,) = ranked(payment(), [contract("C1", **FITS[words])])
    assert found.evidence == (words,)
    assert found.score > 0


@pytest.mark.parametrize("terms", MISSES)
def test_what_does_not_fit_is_not_said(terms: dict[str, Any]) -> None:
    (found,) = ranked(payment(), [contract("C1", **terms)])
    assert (found.score, found.evidence) == (0, ())


def test_one_thing_outweighs_all_lesser_ones() -> None:
    names = list(FITS)
    for place, name in enumerate(names[:4]):
        lesser: dict[str, Any] = {}
        for each in names[place + 1 :]:
            lesser |= FITS[each]
        one, all_lesser = contract("one", **FITS[name]), contract("lesser", **lesser)
        assert [each.contract.contract_id for each in ranked(payment(), [all_lesser, one])] == ["one", "lesser"]


def test_of_equally_likely_ones_the_one_that_began_last() -> None:
    old, new = (contract(name, starts_on=date(year, 1, 1)) for name, year in (("old", 2019), ("new", 2020)))
    assert [each.contract.contract_id for each in ranked(payment(), [old, new])] == ["new", "old"]


def test_a_credit_is_within_no_value() -> None:
    (found,) = ranked(payment(net_pence=-1), [contract("C1", **FITS["the amount is within its value"])])
    assert found.evidence == ()
