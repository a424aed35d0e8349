"""Salford's fifteen months against its own register: the figures that the summary prints, to the penny."""

from collections import Counter

import pytest

from evaluation.pairs import REGISTER, SAMPLES, Register, read_pair
from schemas.spend import PaymentMatched
from services.spend.judgement.scope import scope_of
from services.spend.published.rows import Row
from tests.builders import SALFORD

PAID = 52_993_724_079


@pytest.fixture(scope="module")
def pair() -> tuple[Register, list[Row]]:
    return read_pair(SALFORD, REGISTER, SAMPLES.glob("spend-*.csv"))


@pytest.fixture(scope="module")
def register(pair: tuple[Register, list[Row]]) -> Register:
    return pair[0]


@pytest.fixture(scope="module")
def rows(pair: tuple[Register, list[Row]]) -> list[Row]:
    return pair[1]


def test_by_exact_name_a_fifth_of_all_pounds_is_with_suppliers_of_the_register(
    register: Register, rows: list[Row]
) -> None:
    behind = [(row, supplier) for row in rows if (supplier := register.by_name(row))]
    by_name = sum(row.net_pence for row, _ in behind)
    one_company = sum(row.net_pence for row, supplier in behind if supplier.supplier_id)
    in_force = sum(
        row.net_pence
        for row, supplier in behind
        if any(c.starts_on and c.ends_on and c.starts_on <= row.paid_on <= c.ends_on for c in supplier.contracts)
    )
    assert sum(row.net_pence for row in rows) == PAID
    assert (by_name, one_company, in_force) == (11_939_092_582, 9_836_601_778, 11_352_418_056)
    assert (by_name * 1_000 // PAID, in_force * 1_000 // PAID) == (225, 214)


def test_pounds_by_scope(rows: list[Row]) -> None:
    found: Counter[str] = Counter()
    for row in rows:
        found[scope_of(row.supplier_name, row.purpose, withheld=row.withheld)[0]] += row.net_pence
    assert found == {
        "contract_spend": 24_053_384_525,
        "public_body": 22_603_135_198,
        "grant": 3_167_025_519,
        "withheld": 1_665_148_172,
        "rent": 1_040_014_632,
        "unknown": 182_098_296,
        "levy": 115_313_096,
        "refund": 110_250_771,
        "rates": 30_599_710,
        "card": 26_754_160,
    }
    assert found.total() == PAID


def test_contract_spend_by_answer(register: Register, rows: list[Row]) -> None:
    pence: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for row in rows:
        if scope_of(row.supplier_name, row.purpose, withheld=row.withheld)[0] == "contract_spend":
            judged = register.judged(row)
            answer = "on_contract" if isinstance(judged, PaymentMatched) else judged.answer
            pence[answer] += row.net_pence
            count[answer] += 1
    assert pence == {
        "no_contract": 13_157_279_810,
        "ambiguous": 3_070_212_191,
        "on_contract": 7_246_253_895,
        "early": 503_308_276,
        "expired": 76_330_353,
    }
    assert count == {"no_contract": 13_841, "ambiguous": 1_182, "on_contract": 1_437, "early": 204, "expired": 55}
