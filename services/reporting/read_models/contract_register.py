"""What does an organisation's contract register say, and whom does it name?"""

from datetime import date

from msgspec import Struct
from msgspec.structs import asdict

from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from schemas.contracts import ContractAwarded, ContractRestated, SupplierStated


class ContractRow(Struct, frozen=True, kw_only=True, gc=False):
    """A contract, as the latest register says."""

    contract_id: str
    reference: str | None
    title: str
    description: str
    supplier_id: str | None
    supplier_name: str
    directorate: str
    procedure: str
    starts_on: date | None
    ends_on: date | None
    value_pence: int | None
    annual_pence: int | None
    category_code: str | None
    category_label: str
    extends_contract_id: str | None
    file_id: str
    line: int
    stated_on: date


class SupplierRow(Struct, frozen=True, kw_only=True, gc=False):
    """A supplier, as the latest register says."""

    supplier_id: str
    name: str
    normalised_name: str
    company_number: str | None
    postcode: str | None
    sme: bool | None
    file_id: str
    line: int
    stated_on: date
    additional_identifiers: tuple[str, ...]


def project_contract(
    _row: ContractRow | None, fact: ContractAwarded | ContractRestated, _recorded: Recorded
) -> ContractRow:
    """The latest register replaces what an earlier one said."""
    return ContractRow(**asdict(fact))


def project_supplier(row: SupplierRow | None, fact: SupplierStated, _recorded: Recorded) -> SupplierRow:
    """The latest register replaces what an earlier one said; numbers in any row of one register are kept together."""
    of_the_same_day = row.additional_identifiers if row and row.stated_on == fact.stated_on else ()
    numbers = tuple(sorted({*fact.additional_identifiers, *of_the_same_day}))
    return SupplierRow(**{**asdict(fact), "additional_identifiers": numbers})


contract_register = HistoryProjection(
    name="contract_register",
    version=2,
    topics=("contracts.events",),
    tables=(
        Table(
            name="contract",
            row=ContractRow,
            key="contract_id",
            facts=(ContractAwarded, ContractRestated),
            key_of=lambda fact: fact.contract_id,
            project=project_contract,
            own_stream=True,
            indexes=("supplier_id", "file_id"),
        ),
        Table(
            name="supplier",
            row=SupplierRow,
            key="supplier_id",
            facts=(SupplierStated,),
            key_of=lambda fact: fact.supplier_id,
            project=project_supplier,
            own_stream=True,
        ),
    ),
)
