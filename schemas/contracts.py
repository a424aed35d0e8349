"""What the contracts service publishes: who was awarded what, as registers say it."""

from datetime import date

from schemas.fact import Fact


class RegisterReceived(Fact):
    """A published contract register was read; the counts say what became of each of its rows."""

    file_id: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    file_name: str
    byte_count: int
    stated_on: date
    """The day on which the publisher stated this; the day of receipt where the file names none."""
    encoding: str
    read_rows: int
    new_rows: int
    known_rows: int
    corrected_rows: int
    rejected_rows: int
    read_pence: int
    """Total contract value of the rows whose value could be read."""
    new_pence: int
    known_pence: int
    corrected_pence: int
    rejected_pence: int
    unreadable_rows: int
    """Rows whose value could not be read: their pence are unknown and in no total."""


class RegisterRowRejected(Fact, personal=("value",)):
    """A row of a register could not be read; it is kept so that it can be mended."""

    file_id: str
    line: int
    """Line of the file on which the row begins, counted from 1."""
    field: str
    value: str
    code: str
    reason: str
    remedy: str
    net_pence: int | None
    """The row's total value; null when it could not be read."""


class SupplierStated(Fact, personal=("name", "postcode")):
    """A register states who a supplier is."""

    supplier_id: str
    """`GB-COH-` and eight characters where a valid company number is given, else `NAME-` and a digest."""
    name: str
    normalised_name: str
    """Upper case, `&` as AND, punctuation and company suffixes removed: the key for exact matching."""
    company_number: str | None
    """Eight characters, zero-padded; null when none that is valid was given."""
    postcode: str | None
    sme: bool | None
    """The register's claim that this is a small or medium-sized enterprise; null when it makes none."""
    file_id: str
    line: int
    stated_on: date
    additional_identifiers: tuple[str, ...] = ()
    """Numbers of other registers, as org-id.guide writes them: `GB-CHC-1049226`."""


class ContractAwarded(Fact, personal=("supplier_name",)):
    """A contract is on the register: one row of it, as it was published to say."""

    contract_id: str
    """Organisation, then a digest of reference, supplier and title."""
    reference: str | None
    title: str
    description: str
    supplier_id: str | None
    """Null where the register names no single supplier (`Various`)."""
    supplier_name: str
    directorate: str
    procedure: str
    """How it was bought, in the register's own words."""
    starts_on: date | None
    ends_on: date | None
    """Current expiry date, extensions that were taken included, or by start and duration; null when neither is given."""
    value_pence: int | None
    """Total value including extensions, without VAT as far as the register says."""
    annual_pence: int | None
    category_code: str | None
    """ProClass code."""
    category_label: str
    extends_contract_id: str | None
    """The contract that this row extends or repeats under the same reference and supplier."""
    file_id: str
    line: int
    stated_on: date


class ContractRestated(Fact, personal=("supplier_name",)):
    """A later register says something else of a contract that is already on record."""

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
