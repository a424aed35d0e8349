"""What the gateway's reads answer with, as plain records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, TypeVar

Item = TypeVar("Item")
Known = Literal["yes", "no", "unknown"]
"""An answer that may honestly be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many, and how much, over everything that a filter lets through."""

    count: int
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One part of a total: its name, and what it adds up to."""

    value: str
    """`contract_spend`, `2021-04`, `yes` …; empty where payments say nothing of it."""
    count: int
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOf(Generic[Item]):
    """One page of a list: its items, a cursor after each, and whether more follow."""

    items: Sequence[Item]
    cursors: Sequence[str]
    has_next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A council or partner with records here."""

    organisation: str
    name: str
    incomplete: bool
    """Some events about it could not be read yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """An organisation's spending, by what it was for and what can be said of it."""

    organisation: str
    total: Totals
    by_scope: Sequence[Figure]
    by_answer: Sequence[Figure]
    """Within contract spend: on_contract, ambiguous, early, expired, no_contract; empty = not judged yet."""
    by_sme: Sequence[Figure]
    """Within contract spend: yes, no, unknown."""
    by_local: Sequence[Figure]
    """Within contract spend: yes, no, unknown."""
    by_category: Sequence[Figure]
    """Within contract spend: first-level categories, as 270000; empty = unknown."""
    by_period: Sequence[Figure]
    incomplete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A row of a contract register, as it was published to say."""

    organisation: str
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
    known_from: datetime
    incomplete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """Someone an organisation buys from: on its register, or only paid under a name."""

    organisation: str
    supplier_id: str
    """The register's supplier, or the payee where the register names none."""
    name: str
    registered: bool
    company_number: str | None
    additional_identifiers: Sequence[str]
    postcode: str | None
    sme: Known
    local: Known
    payments: int
    """Payments that the viewer may see and the filter lets through."""
    net_pence: int
    file_id: str | None
    line: int | None
    stated_on: date | None
    merged_into: str | None
    merged: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money paid out, what it was for, and whether it was on contract."""

    organisation: str
    payment_id: str
    payee_id: str | None
    """Null when the name is withheld from this viewer."""
    supplier_name: str | None
    """As published; null when the name is withheld from this viewer."""
    file_id: str | None
    line: int | None
    period: str
    paid_on: date
    document_number: str | None
    company_number: str | None
    additional_identifiers: Sequence[str] | None
    contract_reference: str | None
    department: str
    purpose: str
    net_pence: int
    vat_pence: int | None
    gross_pence: int | None
    withheld: bool
    repeats_document: bool
    document_line: str | None
    invoice_number: str | None
    invoice_date: date | None
    received_date: date | None
    purchase_order: str | None
    cost_centre: str | None
    account: str | None
    irrecoverable_vat_pence: int | None
    pay_run: str | None
    status: str | None
    withdrawn: str | None
    """`voided` or `cancelled`; null for a payment that stands."""
    withdrawn_on: date | None
    withdrawn_reason: str | None
    """Null also where it is withheld from this viewer."""
    link_kind: str | None
    original_payment_id: str | None
    judged_by_order: str | None
    """The purchase order that names the contract, or those considered."""
    scope: str | None
    scope_rule: str | None
    rules_dated: date | None
    category_code: str | None
    category_rule: str | None
    category_confidence: str | None
    category_rules_dated: date | None
    category_decided: str | None
    contract_category: str | None
    order_category: str | None
    supplier_category: str | None
    answer: str | None
    contract_id: str | None
    allocated_contract_id: str | None
    """Where a person's word goes before what was judged: the contract of the largest share."""
    judged_answer: str | None
    judged_contract_id: str | None
    """What was judged, where a person's word goes before it."""
    supplier_id: str | None
    candidates: Sequence[str]
    known_from: datetime
    incomplete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """Social value promised on a contract, and what has come of it."""

    organisation: str
    commitment_id: str
    contract_id: str
    measure: str
    unit: str
    quantity: int
    """In hundredths of the unit, as are the two below."""
    claimed_quantity: int
    verified_quantity: int
    due_on: date
    known_from: datetime
    incomplete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Part of a commitment that a supplier says was delivered."""

    organisation: str
    claim_id: str
    commitment_id: str
    contract_id: str
    quantity: int
    delivered_on: date
    evidence_digest: str
    claimed_by: str
    """The organisation that claims."""
    verified_quantity: int | None
    verdict: str | None
    verified_by: str | None
    """The organisation that found it true; null until one has."""
    known_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that was read, what became of its rows, and what is held of it now."""

    organisation: str
    file_id: str
    kind: Literal["register", "spend"]
    file_name: str
    byte_count: int
    period: str | None
    stated_on: date | None
    encoding: str
    read_rows: int
    new_rows: int
    known_rows: int
    corrected_rows: int
    rejected_rows: int
    read_pence: int
    new_pence: int
    known_pence: int
    corrected_pence: int
    rejected_pence: int
    unreadable_rows: int
    held_rows: int
    """Rows in the read model that came from this file; new + corrected when all is well."""
    held_pence: int
    received_at: datetime
    incomplete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that could not be put on the record, and how to mend it."""

    organisation: str
    file_id: str
    line: int
    field: str
    value: str
    code: str
    reason: str
    remedy: str
    net_pence: int | None
    header: tuple[str, ...]
    """The names of its file's columns; none where its cells were not kept."""
    cells: tuple[str, ...]
    resubmitted_in: str | None
    """The file in which it came again, mended or not."""
    resubmitted_line: int | None
    payment_id: str | None
    """The payment that it is on the record as since then."""
    stream: tuple[str, str]
    """The service and stream that tell of its rejection."""
