from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contracts import ContractAwarded
from services.contracts.identity import Identity, contract_id, identity_of, linked, placed
from tests.unit.contracts.registers import STATED, awarded, read

RAW = (Path(__file__).parents[3] / "samples/salford/contracts-register-2022-07.csv").read_bytes()
ORGANISATION = "GB-LAE-SLF"


def on_record(rows: list[ContractAwarded]) -> dict[Identity, list[ContractAwarded]]:
    """What a log holds after these rows, by identity and count."""
    held: dict[Identity, list[ContractAwarded]] = {}
    for row in rows:
        held.setdefault(identity_of(row), []).append(row)
    for who, group in held.items():
        ids = [contract_id(ORGANISATION, who, count) for count in range(1, len(group) + 1)]
        group.sort(key=lambda row, ids=ids: ids.index(row.contract_id))  # type: ignore[misc]
    return held


def put(rows: list[ContractAwarded], held: list[ContractAwarded] | None = None) -> list[ContractAwarded]:
    known = held or []
    return linked(placed(ORGANISATION, rows, on_record(known)), {row.contract_id: row for row in known})


def test_salfords_figures() -> None:
    register = read(RAW)
    rows = put(list(register.contracts))
    assert len({row.contract_id for row in rows}) == 355
    assert len({identity_of(row) for row in rows}) == 350
    assert len({row.reference for row in rows} - {None}) == 268
    assert sum(row.reference is None for row in rows) == 28
    assert sum(row.supplier_id is None for row in rows) == 21
    assert sum(row.extends_contract_id is not None for row in rows) == 15
    line = {row.line: row for row in rows}
    assert line[4].extends_contract_id == line[3].contract_id
    assert line[3].extends_contract_id is None
    assert line[34].extends_contract_id == line[197].contract_id
    shared = Counter((row.reference, row.supplier_name) for row in rows if row.reference)
    assert shared["S1335", "Places for People Living Plus Ltd"] == 3


def test_the_order_of_rows_plays_no_part() -> None:
    rows = list(read(RAW).contracts)
    first = {(row.contract_id, row.line, row.extends_contract_id) for row in put(rows)}
    Random(7).shuffle(rows)
    assert {(row.contract_id, row.line, row.extends_contract_id) for row in put(rows)} == first


def test_the_same_contract_is_recognised_whatever_the_case_and_suffix() -> None:
    assert identity_of(awarded(supplier_name="underwater diving services limited", title="DIVE surveys")) == (
        identity_of(awarded())
    )


def test_rows_alike_in_identity_are_contracts_of_their_own() -> None:
    lots = [awarded(description=f"Lot {n}", line=n) for n in (2, 3, 4)]
    ids = [row.contract_id for row in put(lots)]
    assert len(set(ids)) == 3
    assert contract_id(ORGANISATION, identity_of(lots[0]), 1) in ids


def test_a_lot_that_is_worded_otherwise_stays_the_same_lot() -> None:
    lots = put([awarded(description=f"Lot {n}", line=n) for n in (2, 3, 4)])
    third = next(row for row in lots if row.description == "Lot 4")
    changed = [
        awarded(description="Lot 3", line=2),
        awarded(description="Lot 4", value_pence=1, line=3),
        awarded(description="Lot 2", line=4),
    ]
    again = {row.line: row.contract_id for row in put(changed, lots)}
    assert again[3] == third.contract_id
    assert set(again.values()) == {row.contract_id for row in lots}


def test_one_lot_alone_is_still_known_when_the_others_have_left_the_register() -> None:
    lots = put([awarded(description=f"Lot {n}", line=n) for n in (2, 3, 4)])
    for lot in lots:
        (again,) = put([awarded(description=lot.description, line=9)], lots)
        assert (again.contract_id, again.extends_contract_id) == (lot.contract_id, lot.extends_contract_id)


def test_wholly_identical_rows_are_counted() -> None:
    twice = put([awarded(line=2), awarded(line=3)])
    assert len({row.contract_id for row in twice}) == 2
    assert len({row.contract_id for row in put([awarded(line=n) for n in (2, 3, 4)], twice)}) == 3


@pytest.mark.parametrize(
    "changes", [{"reference": None}, {"supplier_id": None}, {"supplier_id": "GB-COH-00000009"}, {"reference": "S2"}]
)
def test_only_the_same_reference_and_supplier_are_linked(changes: dict[str, str | None]) -> None:
    rows = put([awarded(**changes), awarded(title="Extension", starts_on=date(2024, 3, 7))])
    assert [row.extends_contract_id for row in rows] == [None, None]


descriptions = st.lists(st.sampled_from(["Lot 1", "Lot 2", "Lot 3"]), max_size=6)


@given(first=descriptions, second=descriptions)
def test_nothing_is_lost_and_nothing_is_put_twice(first: list[str], second: list[str]) -> None:
    held = put([awarded(description=text, line=n) for n, text in enumerate(first)])
    rows = put([awarded(description=text, line=n) for n, text in enumerate(second)], held)
    assert sorted(row.line for row in rows) == list(range(len(second)))
    assert len({row.contract_id for row in rows}) == len(second)
    known = {row.contract_id for row in held}
    assert len([row for row in rows if row.contract_id in known]) == min(len(first), len(second))
    assert all(row.stated_on == STATED for row in rows)
