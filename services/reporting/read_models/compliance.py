"""Was each payment on a contract in force on its day, and what was said of it? Spend decided; this shows it."""

from datetime import date
from typing import assert_never

from msgspec import Struct
from msgspec.structs import asdict, replace

from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from schemas.spend import (
    DuplicateRecovered,
    FindingAnswered,
    FindingAssigned,
    PayeeWithholdingDecided,
    PaymentAllocated,
    PaymentCancelled,
    PaymentCategoryDecided,
    PaymentCorrected,
    PaymentLinked,
    PaymentMatched,
    PaymentRecorded,
    PaymentScoped,
    PaymentUnmatched,
    PaymentVoided,
)
from services.reporting.read_models.allocations import AllocationRow, allocation_id, project_allocation
from services.reporting.read_models.findings_answered import FindingRow, project_finding
from services.reporting.read_models.order import begun
from services.reporting.read_models.withheld_payees import WithheldRow, project_withheld

Subscribed = (
    PaymentRecorded | PaymentCorrected | PaymentVoided | PaymentCancelled | PaymentLinked
    | PaymentScoped | PaymentCategoryDecided | PaymentMatched | PaymentUnmatched | PaymentAllocated
)  # fmt: skip


class PaymentRow(Struct, frozen=True, kw_only=True, gc=False):
    """A payment as recorded, then its scope, then the answer where it is contract spend."""

    payment_id: str
    payee_id: str
    file_id: str | None
    line: int | None
    period: str
    paid_on: date
    document_number: str | None
    supplier_name: str
    company_number: str | None
    contract_reference: str | None
    department: str
    purpose: str
    net_pence: int
    vat_pence: int | None
    gross_pence: int | None
    withheld: bool
    repeats_document: bool
    document_line: str | None = None
    invoice_number: str | None = None
    invoice_date: date | None = None
    received_date: date | None = None
    purchase_order: str | None = None
    cost_centre: str | None = None
    account: str | None = None
    irrecoverable_vat_pence: int | None = None
    pay_run: str | None = None
    status: str | None = None
    proclass_code: str | None = None
    cpv_code: str | None = None
    additional_identifiers: tuple[str, ...] = ()
    withdrawn: str | None = None
    withdrawn_on: date | None = None
    withdrawn_reason: str | None = None
    link_kind: str | None = None
    original_payment_id: str | None = None
    judged_by_order: str | None = None
    scope: str | None = None
    scope_rule: str | None = None
    rules_dated: date | None = None
    category_code: str | None = None
    """What its account says was bought, in ProClass 17."""
    category_rule: str | None = None
    category_confidence: str | None = None
    category_rules_dated: date | None = None
    category_decided: str | None = None
    """What a person decided was bought; it goes before contract and account."""
    answer: str | None = None
    contract_id: str | None = None
    supplier_id: str | None = None
    candidates: tuple[str, ...] = ()
    allocated_contract_id: str | None = None
    """Of the largest share that a person decided; it goes before what was judged."""
    judged_answer: str | None = None
    judged_contract_id: str | None = None
    """What was judged, while a person's word goes before it."""


def project(row: PaymentRow | None, fact: Subscribed, _recorded: Recorded) -> PaymentRow:
    """Each fact says one thing more; an answer given again replaces the earlier one."""
    match fact:
        case PaymentRecorded():
            return PaymentRow(**asdict(fact))
        case PaymentCorrected():
            return _corrected_row(begun(row, fact), fact)
        case PaymentVoided():
            return _withdrawn_row(begun(row, fact), "voided", fact.voided_on, fact.reason)
        case PaymentCancelled():
            return _withdrawn_row(begun(row, fact), "cancelled", fact.cancelled_on, fact.reason)
        case PaymentLinked():
            return replace(begun(row, fact), link_kind=fact.kind, original_payment_id=fact.original_payment_id)
        case PaymentScoped():
            return _scoped_row(begun(row, fact), fact)
        case PaymentCategoryDecided():
            decided = fact.category_code if fact.decision == "decided" else None
            return replace(begun(row, fact), category_decided=decided)
        case PaymentMatched() | PaymentUnmatched():
            return _judged_row(begun(row, fact), fact)
        case PaymentAllocated():
            return _allocated_row(begun(row, fact), fact)
        case _:
            assert_never(fact)


def _corrected_row(row: PaymentRow, fact: PaymentCorrected) -> PaymentRow:
    return replace(
        row,
        file_id=fact.file_id,
        line=fact.line,
        paid_on=fact.paid_on,
        contract_reference=fact.contract_reference,
        department=fact.department,
        purpose=fact.purpose,
        net_pence=fact.net_pence,
        vat_pence=fact.vat_pence,
        gross_pence=fact.gross_pence,
    )


def _judged_row(row: PaymentRow, fact: PaymentMatched | PaymentUnmatched) -> PaymentRow:
    """What is judged, behind a person's word where there is one."""
    answer: str
    contract_id: str | None
    if isinstance(fact, PaymentMatched):
        judged, answer, contract_id = replace(row, candidates=()), "on_contract", fact.contract_id
    else:
        judged, answer, contract_id = replace(row, candidates=fact.candidates), fact.answer, None
    judged = replace(judged, supplier_id=fact.supplier_id, judged_by_order=fact.purchase_order)
    if row.allocated_contract_id is None:
        return replace(judged, answer=answer, contract_id=contract_id)
    return replace(
        judged,
        answer="on_contract",
        contract_id=row.allocated_contract_id,
        judged_answer=answer,
        judged_contract_id=contract_id,
    )


def _allocated_row(row: PaymentRow, fact: PaymentAllocated) -> PaymentRow:
    """The largest share names the contract; when it goes, what was judged stands again."""
    was_allocated = row.allocated_contract_id is not None
    judged = (row.judged_answer, row.judged_contract_id) if was_allocated else (row.answer, row.contract_id)
    if fact.decision == "decided" and fact.place == 1:
        told = replace(
            row, allocated_contract_id=fact.contract_id, judged_answer=judged[0], judged_contract_id=judged[1]
        )
        if row.scope != "contract_spend":
            return told
        return replace(told, answer="on_contract", contract_id=fact.contract_id)
    if fact.decision == "withdrawn" and fact.contract_id == row.allocated_contract_id:
        return replace(
            row, allocated_contract_id=None, judged_answer=None, judged_contract_id=None, answer=judged[0],
            contract_id=judged[1],
        )  # fmt: skip
    return row


def _withdrawn_row(row: PaymentRow, how: str, on: date, reason: str) -> PaymentRow:
    """What it says stays; it counts in no figure."""
    return replace(row, withdrawn=how, withdrawn_on=on, withdrawn_reason=reason)


def _scoped_row(row: PaymentRow, fact: PaymentScoped) -> PaymentRow:
    """A payment that is no contract spend, or no longer, is on no contract, and nobody asks for one."""
    placed = replace(
        row,
        scope=fact.scope,
        scope_rule=fact.rule,
        rules_dated=fact.rules_dated,
        category_code=fact.category_code,
        category_rule=fact.category_rule,
        category_confidence=fact.category_confidence,
        category_rules_dated=fact.category_rules_dated,
    )
    if fact.scope == "contract_spend":
        return placed
    return replace(
        placed, answer=None, contract_id=None, supplier_id=None, candidates=(), judged_by_order=None, judged_answer=None,
        judged_contract_id=None,
    )  # fmt: skip


compliance = HistoryProjection(
    name="compliance",
    version=9,
    topics=("spend.events",),
    tables=(
        Table(
            name="payment",
            row=PaymentRow,
            key="payment_id",
            facts=(
                PaymentRecorded,
                PaymentCorrected,
                PaymentVoided,
                PaymentCancelled,
                PaymentLinked,
                PaymentScoped,
                PaymentCategoryDecided,
                PaymentMatched,
                PaymentUnmatched,
                PaymentAllocated,
            ),
            key_of=lambda fact: fact.payment_id,
            project=project,
            own_stream=True,
            indexes=(
                "payee_id",
                "supplier_id",
                "contract_id",
                "file_id",
                "paid_on",
                "net_pence",
                "original_payment_id",
                "purchase_order",
            ),
        ),
        Table(
            name="allocation",
            row=AllocationRow,
            key="allocation_id",
            facts=(PaymentAllocated,),
            key_of=allocation_id,
            project=project_allocation,
            own_stream=True,
            indexes=("contract_id", "payment_id"),
        ),
        Table(
            name="finding",
            row=FindingRow,
            key="finding_id",
            facts=(FindingAnswered, FindingAssigned, DuplicateRecovered),
            key_of=lambda fact: fact.finding_id,
            project=project_finding,
            own_stream=True,
        ),
        Table(
            name="withheld_payee",
            row=WithheldRow,
            key="payee_id",
            facts=(PayeeWithholdingDecided,),
            key_of=lambda fact: fact.payee_id,
            project=project_withheld,
            own_stream=True,
        ),
    ),
)
