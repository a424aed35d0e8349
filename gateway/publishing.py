"""What of a quarter's payments is published, what of them is withheld, and what is left out and why? Pure.

The Local Government Transparency Code 2015, part 2.1: every item over £500, and every transaction on a
procurement card; not salaries, debt and investment, tax, pensions, or compensation of individuals; and nobody's
personal data. Columns are the Local Government Association's for spend. The same payments give the same bytes.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from hashlib import sha256

from gateway import money
from gateway.duties import PromptPayment, to_a_tenth
from gateway.lines import Number, Row, line
from gateway.policy import PUBLIC_ABOVE_PENCE
from schemas.account_words import PENSION_FUND
from schemas.individuals import is_individual
from schemas.legal_days import Quarter
from schemas.proclass import category_name

RULES_DATED = date(2026, 11, 28)
OVER_500, CARD, CORRECTIONS, REDACTIONS, PROMPT = (
    "payments-over-500.csv", "procurement-card.csv", "corrections.csv", "redactions.csv", "prompt-payment.csv",
)  # fmt: skip
OF_PAYMENTS = (OVER_500, CARD)
REDACTED = "REDACTED PERSONAL DATA"
NOT_STATED = "Not stated"
NO_VAT_STATED = "no irrecoverable VAT is stated, and 0.00 is published"
COLUMNS = (
    "OrganisationLabel", "OrganisationURI", "OrganisationalUnit", "ServiceCategoryLabel", "ServiceCategoryURI",
    "BeneficiaryName", "BeneficiaryOtherID", "CompaniesHouseRegistrationNumber", "CharityCommissionNumber", "VCSEGrant",
    "PaymentDate", "TransactionNumber", "Amount", "IrrecoverableVATAmount", "Purpose", "CategoryInternalName", "CPVLabel",
    "CPVCode", "ProclassLabel", "ProclassCode", "CardTransaction", "ContractRef",
)  # fmt: skip
"""In the order of the Local Government Association's schema."""
CORRECTED = (
    "Quarter", "Edition", "Change", "PaymentDate", "TransactionNumber", "BeneficiaryName", "AmountPublished",
    "AmountNow",
)  # fmt: skip
WITHHELD = ("File", "PaymentDate", "TransactionNumber", "Amount", "Reason", "RulesDated")
PROMPTLY = (
    "FirstDay", "LastDay", "Payments", "MeanDaysToPay", "PercentWithin30Days", "PercentIn31To60Days",
    "PercentLater", "Payable", "PayableNotPaidInPeriod", "PaymentsWithoutReceivedDate", "AmountWithoutReceivedDate",
)  # fmt: skip
"""Procurement Regulations 2024, reg. 38; and how much of the payments it could not be computed from."""
_CHARITY = "GB-CHC-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment of the quarter that stands on record."""

    payment_id: str
    paid_on: date
    document_number: str | None
    department: str
    supplier_name: str
    withheld: bool
    kept_back: bool
    """A person withheld the payee."""
    company_number: str | None
    additional_identifiers: Sequence[str]
    purpose: str
    account: str | None
    net_pence: int
    irrecoverable_vat_pence: int | None
    cpv_code: str | None
    category_code: str | None
    scope: str | None
    contract_reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A payment of a quarter that is published already, and that is no more as it was published."""

    quarter: str
    edition: int
    paid_on: date
    document_number: str | None
    supplier_name: str
    withheld: bool
    kept_back: bool
    """A person withheld the payee."""
    published_pence: int | None
    """None where it was not there."""
    now_pence: int | None
    """None where it counts no more."""

    @property
    def change(self) -> str:
        """What happened to it."""
        if self.published_pence is None:
            return "added"
        return "withdrawn" if self.now_pence is None else "changed"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a payment is in no file."""

    reason: str
    applies: Callable[[Paid], bool]


def _words(pattern: str, of: Callable[[Paid], str]) -> Callable[[Paid], bool]:
    found = re.compile(pattern, re.IGNORECASE)
    return lambda paid: found.search(of(paid)) is not None


EXCLUSIONS = (
    Exclusion("tax, paid to HM Revenue and Customs",
              _words(r"\bHMRC\b|\bHM Revenue\b", lambda paid: paid.supplier_name)),
    Exclusion("salary or pension", _words(
        r"^(salar(y|ies)|wages|payroll|superannuation|pensions? (increases?|contributions?))\b", lambda paid: paid.purpose)),
    Exclusion("salary or pension", _words(
        rf"\b({PENSION_FUND})\b", lambda paid: paid.supplier_name)),
    Exclusion("debt or investment", _words(
        r"\bPWLB\b|\b(loan|debt) (principal|interest|repayments?)\b|\bshort.term investments?\b", lambda paid: paid.purpose)),
    Exclusion("compensation of an individual, or refund",
              lambda paid: paid.scope == "refund" and is_individual(paid.supplier_name)),
    Exclusion("not over £500", lambda paid: paid.scope != "card" and abs(paid.net_pence) <= PUBLIC_ABOVE_PENCE),
)  # fmt: skip
"""In this order; the first that applies says why."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file as it is published."""

    name: str
    content: str
    rows: int
    net_pence: int
    """Of its payments; 0 for other lists."""

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, in hexadecimal."""
        return sha256(self.content.encode()).hexdigest()


@dataclass(slots=True)
class Sum:
    """Payments and their pence."""

    payments: int = 0
    net_pence: int = 0

    def add(self, pence: int) -> None:
        """One payment more."""
        self.payments, self.net_pence = self.payments + 1, self.net_pence + pence


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything that would be published of a quarter."""

    files: Sequence[PublishedFile]
    left_out: dict[str, Sum]
    """By reason."""
    control: Sum
    """Everything that was paid in the quarter."""
    notes: dict[str, int] = field(default_factory=dict)
    """What whoever approves it should know, with how many rows it is about."""


def redaction(paid: Paid | Corrected) -> str | None:
    """Why a payee's name is not published; None where it is."""
    if paid.withheld:
        return "withheld in the ledger's own publication"
    if paid.kept_back:
        return "a person withheld the payee"
    return "the payee's name is a person's" if is_individual(paid.supplier_name) else None


def draft(
    quarter: Quarter,
    organisation: str,
    label: str,
    payments: Iterable[Paid],
    corrected: Sequence[Corrected],
    prompt: PromptPayment | None = None,
) -> Draft:
    """The files of a quarter. Every payment is in one of them, or is left out for one reason.

    With the quarter that ends a half-year go the figures of regulation 38 for it.
    """
    rows: dict[str, list[Paid]] = {name: [] for name in OF_PAYMENTS}
    left_out: defaultdict[str, Sum] = defaultdict(Sum)
    control = Sum()
    for paid in sorted(payments, key=_order):
        if not quarter.first <= paid.paid_on <= quarter.last:
            raise ValueError(f"payment {paid.payment_id} is not of {quarter}")
        control.add(paid.net_pence)
        reason = next((each.reason for each in EXCLUSIONS if each.applies(paid)), None)
        if reason is not None:
            left_out[reason].add(paid.net_pence)
        else:
            rows[CARD if paid.scope == "card" else OVER_500].append(paid)
    published = [paid for name in OF_PAYMENTS for paid in rows[name]]
    files = [_payments(name, organisation, label, rows[name]) for name in OF_PAYMENTS]
    files += [_file(CORRECTIONS, CORRECTED, map(_corrected, corrected)), _file(REDACTIONS, WITHHELD, _redacted(rows))]
    files += [_file(PROMPT, PROMPTLY, [_promptly(prompt)])] if prompt else []
    silent = sum(paid.irrecoverable_vat_pence is None for paid in published)
    return Draft(files=files, left_out=dict(left_out), control=control, notes={NO_VAT_STATED: silent} if silent else {})


def _order(paid: Paid) -> tuple[date, str, int, str]:
    return paid.paid_on, paid.document_number or "", paid.net_pence, paid.payment_id


def _file(name: str, columns: Sequence[str], rows: Iterable[Row], net_pence: int = 0) -> PublishedFile:
    lines = [line(row) for row in rows]
    return PublishedFile(name, line(columns) + "".join(lines), len(lines), net_pence)


def _payments(name: str, organisation: str, label: str, payments: Sequence[Paid]) -> PublishedFile:
    rows = (_row(organisation, label, paid) for paid in payments)
    return _file(name, COLUMNS, rows, sum(paid.net_pence for paid in payments))


def _row(organisation: str, label: str, paid: Paid) -> Row:
    named = redaction(paid) is None
    charity = next((each.removeprefix(_CHARITY) for each in paid.additional_identifiers if _CHARITY in each), None)
    return (
        label, organisation, paid.department or NOT_STATED, None, None,
        _payee(paid), None,
        paid.company_number if named else None, charity if named else None, _grant(paid, charity),
        paid.paid_on.isoformat(), paid.document_number, Number(money.decimal(paid.net_pence)),
        Number(money.decimal(paid.irrecoverable_vat_pence or 0)), paid.purpose or NOT_STATED, paid.account,
        None, paid.cpv_code, category_name(paid.category_code) if paid.category_code else None, paid.category_code,
        "GPC" if paid.scope == "card" else "None", paid.contract_reference if named else None,
    )  # fmt: skip


def _payee(paid: Paid | Corrected) -> str:
    return (paid.supplier_name or NOT_STATED) if redaction(paid) is None else REDACTED


def _grant(paid: Paid, charity: str | None) -> str | None:
    """Whether it is a grant to a voluntary body: of other grants nobody can say."""
    if paid.scope != "grant":
        return "false"
    return "true" if charity else None


def _corrected(each: Corrected) -> Row:
    return (
        each.quarter, each.edition, each.change, each.paid_on.isoformat(), each.document_number,
        _payee(each), Number(money.decimal(each.published_pence)),
        Number(money.decimal(each.now_pence)),
    )  # fmt: skip


def _promptly(prompt: PromptPayment) -> Row:
    known = prompt.known.payments
    shares = (to_a_tenth(Fraction(100 * part, known)) if known else None
              for part in (prompt.within_30, prompt.within_60, prompt.later))  # fmt: skip
    return (
        prompt.half.first.isoformat(), prompt.half.last.isoformat(), known, prompt.mean_days_written, *shares,
        Number(money.decimal(prompt.payable_pence)), Number(money.decimal(prompt.unpaid_pence)),
        prompt.missing.payments, Number(money.decimal(prompt.missing.net_pence)),
    )  # fmt: skip


def _redacted(rows: dict[str, list[Paid]]) -> Iterable[Row]:
    for name, payments in rows.items():
        for paid in payments:
            reason = redaction(paid)
            if reason is not None:
                amount = Number(money.decimal(paid.net_pence))
                yield (
                    name, paid.paid_on.isoformat(), paid.document_number, amount, reason, RULES_DATED.isoformat(),
                )  # fmt: skip
