"""What the spend service publishes: money a council has paid out, and what it was for."""

from datetime import date
from typing import Literal

from schemas.fact import Fact
from schemas.spend.allocations import PaymentAllocated
from schemas.spend.categories import Confidence, PaymentCategoryDecided, PaymentScoped, PaymentScopeDecided, Scope
from schemas.spend.claims import CharityDescribed, CompanyDescribed, PostcodePlaced
from schemas.spend.files import RejectedRowKept, RowRejected, RowResubmitted, SpendFileReceived, SpendLayoutAgreed
from schemas.spend.findings import (
    DuplicateRecovered,
    FindingAnswer,
    FindingAnswered,
    FindingAssigned,
    FindingCause,
    RecoveryForm,
)
from schemas.spend.publications import PublicationPart, QuarterPublished
from schemas.spend.suppliers import (
    PayeeWithholdingDecided,
    PurchaseOrderRaised,
    SupplierLinkDecided,
    SupplierLinkProposed,
    SupplierMasterStated,
    SupplierMatched,
    SupplierMerged,
    SupplierSplit,
    SupplierUnmatched,
)

__all__ = [
    "CharityDescribed",
    "CompanyDescribed",
    "Confidence",
    "DuplicateRecovered",
    "FindingAnswer",
    "FindingAnswered",
    "FindingAssigned",
    "FindingCause",
    "LinkKind",
    "PayRunReconciled",
    "PayeeWithholdingDecided",
    "PaymentAllocated",
    "PaymentCancelled",
    "PaymentCategoryDecided",
    "PaymentCorrected",
    "PaymentLinked",
    "PaymentMatched",
    "PaymentRecorded",
    "PaymentScopeDecided",
    "PaymentScoped",
    "PaymentUnmatched",
    "PaymentVoided",
    "PostcodePlaced",
    "PublicationPart",
    "PurchaseOrderRaised",
    "QuarterPublished",
    "RecoveryForm",
    "RejectedRowKept",
    "RowRejected",
    "RowResubmitted",
    "Scope",
    "SpendFileReceived",
    "SpendLayoutAgreed",
    "SupplierLinkDecided",
    "SupplierLinkProposed",
    "SupplierMasterStated",
    "SupplierMatched",
    "SupplierMerged",
    "SupplierSplit",
    "SupplierUnmatched",
    "Unmatched",
]

LinkKind = Literal["credit", "reissue", "recharge"]
"""What a payment says of an earlier one."""

Unmatched = Literal["ambiguous", "early", "expired", "no_contract"]
"""Why a payment is on no one contract for certain."""


class PaymentRecorded(Fact, personal=("supplier_name", "purpose", "additional_identifiers")):
    """A council paid a supplier, as one row of its published spend file or its ledger says."""

    payment_id: str
    """A digest of organisation, period, the row's content and its count among identical rows."""
    payee_id: str
    """Whom the row names, before anyone asks who that is: a digest of organisation and normalised name."""
    file_id: str | None
    """The source file; null for a payment posted by a machine."""
    line: int | None
    period: str
    """The period in which it was published, as `2021-04`."""
    paid_on: date
    document_number: str | None
    supplier_name: str
    """As published; empty when the publisher gave none."""
    company_number: str | None
    """Eight characters, when the row gives a valid one."""
    contract_reference: str | None
    department: str
    purpose: str
    """Account description or summary of purpose, as published."""
    net_pence: int
    """Without VAT; below zero for a credit note."""
    vat_pence: int | None
    gross_pence: int | None
    withheld: bool
    """The publisher withheld the payee's name."""
    repeats_document: bool
    """Another payment on record carries the same document number."""
    document_line: str | None = None
    """The line of the ledger's document, as the ledger numbers it."""
    invoice_number: str | None = None
    """The supplier's own number of the invoice that was paid."""
    invoice_date: date | None = None
    """The day that the invoice bears."""
    received_date: date | None = None
    """The day on which the payer received the invoice: the 30 days of the Procurement Act 2023, s. 68, begin then."""
    purchase_order: str | None = None
    """The number of the purchase order, as the ledger writes it."""
    cost_centre: str | None = None
    account: str | None = None
    """The ledger's code or name of the account to which it was booked."""
    irrecoverable_vat_pence: int | None = None
    """VAT that the payer cannot reclaim: part of what it costs, and in no net amount."""
    pay_run: str | None = None
    """The payment run in which it was paid, as the ledger names it."""
    status: str | None = None
    """What the ledger says of the payment, in its own word, as `cleared`."""
    proclass_code: str | None = None
    """What was bought, as the payer classed it: ProClass 17."""
    cpv_code: str | None = None
    """The same in the Common Procurement Vocabulary of 2008, eight digits."""
    additional_identifiers: tuple[str, ...] = ()
    """The payee's numbers in other registers than Companies House's, as org-id.guide writes them: `GB-CHC-1049226`."""


class PaymentCorrected(Fact, personal=("purpose",)):
    """The publisher published the payment's period again, and this payment otherwise; what was said before stays.

    Supplier and document number are as they were: by them the row was known again.
    """

    payment_id: str
    file_id: str
    """The file that states the payment anew."""
    line: int
    corrects_file_id: str
    """The file that stated it before."""
    corrects_line: int
    corrects_net_pence: int
    """What the net amount was before."""
    paid_on: date
    contract_reference: str | None
    department: str
    purpose: str
    net_pence: int
    vat_pence: int | None
    gross_pence: int | None


class PaymentVoided(Fact, personal=("reason",)):
    """A payment was withdrawn after it had been issued, as a stopped cheque or a returned transfer: it counts no more."""

    payment_id: str
    voided_on: date
    reason: str


class PaymentCancelled(Fact, personal=("reason",)):
    """A payment was stopped before it was issued: it counts no more."""

    payment_id: str
    cancelled_on: date
    reason: str


class PaymentLinked(Fact):
    """A payment says something of an earlier one: it gives back, replaces or passes on."""

    payment_id: str
    kind: LinkKind
    """credit: a credit note that gives back of it; reissue: paid anew after it was withdrawn; recharge: passed on to
    another budget or body."""
    original_payment_id: str


class PaymentMatched(Fact):
    """Exactly one contract of the payment's supplier, or that its order names, was in force on the day of payment."""

    payment_id: str
    supplier_id: str
    contract_id: str
    purchase_order: str | None = None
    """The payment's order, where it is what names the contract."""


class PaymentUnmatched(Fact):
    """The payment is contract spend, and no one contract is certain; `answer` says why."""

    payment_id: str
    answer: Unmatched
    """early: before every contract's start; expired: after the end; ambiguous: more than one, no dates, or less than was paid."""
    supplier_id: str | None
    """Null when the payee is not known to be on the register."""
    candidates: tuple[str, ...]
    """Contracts that were considered, at most ten."""
    purchase_order: str | None = None
    """The payment's order, where it is what names the contracts that were considered."""


class PayRunReconciled(Fact):
    """A pay run's control total was compared with the payments that stand on record of it."""

    pay_run: str
    stated_payments: int
    stated_pence: int
    """Net pence, as the ledger states them."""
    found_payments: int
    found_pence: int
    agrees: bool
    """Both the number and the pence."""
