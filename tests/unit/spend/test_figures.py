"""Salford's fifteen months against its own register: the figures that the summary prints, to the penny."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from schemas.spend import PaymentMatched
from services.contracts.identity import linked, placed
from services.contracts.intake import read_register
from services.spend import intake, linking
from services.spend.domain import Basis, KnownContract, KnownSupplier, judge, suppliers_of
from services.spend.intake import Row
from services.spend.matching import Company, Registry
from services.spend.scope import scope_of
from tests.builders import SALFORD

SAMPLES = Path(__file__).parents[3] / "samples" / "salford"
PAID = 52_993_724_079


@dataclass(frozen=True, slots=True)
class Register:
    suppliers: linking.Register
    contracts: Mapping[str | None, Sequence[KnownContract]]

    def by_name(self, row: Row) -> KnownSupplier | None:
        """Whom the name is to the letter."""
        found = None if row.withheld else suppliers_of(row.supplier_name, row.company_number, self.suppliers.exact)
        return None if found is None else self._known(*found)

    def behind(self, row: Row) -> KnownSupplier | None:
        """Whom the name is by its evidence too."""
        if row.withheld:
            return None
        found = linking.fit(row.supplier_name, row.company_number, self.suppliers, linking.UNDECIDED)
        return None if found is None else self._known(found.suppliers, found.basis, found.certain)

    def _known(self, ids: Sequence[str], basis: Basis, certain: bool) -> KnownSupplier:
        return KnownSupplier(
            supplier_id=ids[0] if certain else None,
            basis=basis,
            contracts=tuple(contract for supplier in ids for contract in self.contracts[supplier]),
        )


@pytest.fixture(scope="module")
def register() -> Register:
    raw = (SAMPLES / "contracts-register-2022-07.csv").read_bytes()
    read = read_register(raw, file_id="f", stated_on=date(2022, 7, 31))
    suppliers: defaultdict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for stated in read.suppliers:
        suppliers[stated.normalised_name].add((stated.supplier_id, stated.company_number))
        if stated.company_number:
            suppliers[f"GB-COH-{stated.company_number}"].add((stated.supplier_id, stated.company_number))
    contracts: defaultdict[str | None, list[KnownContract]] = defaultdict(list)
    for c in linked(placed(SALFORD, read.contracts, {}), {}):
        contracts[c.supplier_id].append(
            KnownContract(
                contract_id=c.contract_id,
                reference=c.reference,
                starts_on=c.starts_on,
                ends_on=c.ends_on,
                extends=c.extends_contract_id,
            )
        )
    found = linking.Register(
        exact={name: sorted(pairs, key=str) for name, pairs in suppliers.items()},
        alike=Registry(Company(stated.supplier_id, stated.name) for stated in read.suppliers),
        numbers={stated.supplier_id: stated.company_number for stated in read.suppliers},
    )
    return Register(found, contracts)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for path in sorted(SAMPLES.glob("spend-*.csv")) for row in intake.read(path.read_bytes()).rows]


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
    assert (by_name, one_company, in_force) == (11_939_092_582, 9_836_601_778, 7_041_279_120)
    assert (by_name * 1_000 // PAID, in_force * 1_000 // PAID) == (225, 132)


def test_pounds_by_scope(rows: list[Row]) -> None:
    found: Counter[str] = Counter()
    for row in rows:
        found[scope_of(row.supplier_name, row.purpose, withheld=row.withheld)[0]] += row.net_pence
    assert found == {
        "contract_spend": 25_016_371_770,
        "public_body": 22_518_584_387,
        "grant": 2_164_940_104,
        "withheld": 1_665_148_172,
        "rent": 1_040_382_303,
        "unknown": 305_379_606,
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
            judged = judge("P", row.paid_on, row.contract_reference, register.behind(row))
            answer = "on_contract" if isinstance(judged, PaymentMatched) else judged.answer
            pence[answer] += row.net_pence
            count[answer] += 1
    assert pence == {
        "no_contract": 14_120_267_055,
        "ambiguous": 8_398_251_650,
        "on_contract": 1_918_214_436,
        "early": 503_308_276,
        "expired": 76_330_353,
    }
    assert count == {"no_contract": 15_674, "ambiguous": 1_312, "on_contract": 1_307, "early": 204, "expired": 55}
