"""A register and the spend files of one body: whom on the register each payment is to, and on which contract?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.contracts import ContractAwarded
from services.contracts.identity import linked, placed
from services.contracts.intake import read_register
from services.spend.domain import Basis, KnownSupplier, Numbers, judge_supplied, suppliers_of
from services.spend.judgement.contract import Judgement, KnownContract, Paid
from services.spend.published import intake
from services.spend.published.rows import Row
from services.spend.suppliers import linking
from services.spend.suppliers.matching import Company, Registry
from services.spend.suppliers.stated_numbers import numbers_of, on_own_word

SAMPLES = Path(__file__).parents[1] / "samples" / "salford"
REGISTER = SAMPLES / "contracts-register-2022-07.csv"


@dataclass(frozen=True, slots=True)
class Register:
    """A register as spend knows it."""

    suppliers: linking.Register
    contracts: Mapping[str | None, Sequence[KnownContract]]
    """By supplier."""
    awarded: Mapping[str, ContractAwarded]
    """By contract id."""

    def by_name(self, row: Row) -> KnownSupplier | None:
        """Whom the name is to the letter."""
        found = (
            None
            if row.withheld
            else suppliers_of(
                row.supplier_name,
                on_own_word(numbers_of(row.company_number, row.booking.additional_identifiers)),
                self.suppliers.exact,
            )
        )
        return None if found is None else self._known(*found)

    def behind(self, row: Row) -> KnownSupplier | None:
        """Whom the name is by its evidence too."""
        if row.withheld:
            return None
        found = linking.fit(
            row.supplier_name,
            on_own_word(numbers_of(row.company_number, row.booking.additional_identifiers)),
            self.suppliers,
            linking.UNDECIDED,
        )
        return None if found is None else self._known(found.suppliers, found.basis, found.certain)

    def judged(self, row: Row) -> Judgement:
        """On which contract a row is, by all that it says."""
        paid = Paid(
            payment_id="", paid_on=row.paid_on, net_pence=row.net_pence, contract_reference=row.contract_reference,
            supplier_name=row.supplier_name, purpose=row.purpose,
        )  # fmt: skip
        return judge_supplied(paid, self.behind(row))

    def judged_by_name(self, row: Row) -> Judgement:
        """The same as names to the letter and days alone tell: on the only contract in force."""
        return judge_supplied(Paid(payment_id="", paid_on=row.paid_on, net_pence=0), self.by_name(row))

    def _known(self, ids: Sequence[str], basis: Basis, certain: bool) -> KnownSupplier:
        return KnownSupplier(
            supplier_id=ids[0] if certain else None,
            basis=basis,
            contracts=tuple(contract for supplier in ids for contract in self.contracts.get(supplier, ())),
        )


def read_pair(organisation: str, register: Path, spend: Iterable[Path]) -> tuple[Register, list[Row]]:
    """A body's register, and the rows of its spend files."""
    return read_known(organisation, register), [
        row for path in sorted(spend) for row in intake.read(path.read_bytes()).rows
    ]


def read_known(organisation: str, path: Path) -> Register:
    """A register's suppliers and contracts."""
    read = read_register(path.read_bytes(), file_id="f", stated_on=date(2022, 7, 31))
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for stated in read.suppliers:
        numbers[stated.supplier_id].update(numbers_of(stated.company_number, stated.additional_identifiers))
    known_by = {supplier: tuple(sorted(each)) for supplier, each in numbers.items()}
    suppliers: defaultdict[str, set[tuple[str, Numbers]]] = defaultdict(set)
    for stated in read.suppliers:
        own = known_by[stated.supplier_id]
        for key in (stated.normalised_name, *own):
            suppliers[key].add((stated.supplier_id, own))
    awarded = {c.contract_id: c for c in linked(placed(organisation, read.contracts, {}), {})}
    contracts: defaultdict[str | None, list[KnownContract]] = defaultdict(list)
    for c in awarded.values():
        contracts[c.supplier_id].append(
            KnownContract(
                contract_id=c.contract_id,
                reference=c.reference,
                starts_on=c.starts_on,
                ends_on=c.ends_on,
                extends=c.extends_contract_id,
                value_pence=c.value_pence,
                annual_pence=c.annual_pence,
                supplier_name=c.supplier_name,
                title=c.title,
            )
        )
    found = linking.Register(
        exact={name: sorted(pairs) for name, pairs in suppliers.items()},
        alike=Registry(Company(stated.supplier_id, stated.name) for stated in read.suppliers),
        numbers=known_by,
    )
    return Register(found, contracts, awarded)
