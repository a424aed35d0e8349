"""How do payments leave as CSV or XLSX, with all that is stated of each?"""

from collections.abc import AsyncIterator
from datetime import date

from fastapi import Response

from gateway import money, reads
from gateway.pages import spreadsheets
from gateway.pages.asked import Asked
from gateway.pages.lists import every
from gateway.places import name_of
from gateway.reads import Payment, PaymentFilter, PaymentOrder
from gateway.reads.categories import category_of

COLUMNS = (
    "OrganisationLabel",
    "OrganisationURI",
    "OrganisationalUnit",
    "BeneficiaryName",
    "CompaniesHouseRegistrationNumber",
    "PaymentDate",
    "TransactionNumber",
    "Amount",
    "Purpose",
    "ContractRef",
    "VAT",
    "Period",
    "Scope",
    "ScopeRule",
    "Answer",
    "ContractId",
    "SupplierId",
    "SourceFile",
    "SourceLine",
    "PaymentId",
    "DocumentLine",
    "InvoiceNumber",
    "InvoiceDate",
    "InvoiceReceivedDate",
    "PurchaseOrder",
    "CostCentre",
    "Account",
    "IrrecoverableVAT",
    "PayRun",
    "Status",
    "Withdrawn",
    "WithdrawnOn",
    "LinkKind",
    "OriginalPaymentId",
    "ProclassCode",
    "ProclassLabel",
    "CategorySource",
    "CategoryConfidence",
)
"""As in the Local Government Association's schema for spend where it has a name, then ours."""


async def answer(
    form: spreadsheets.Form, asked: Asked, organisation: str, where: PaymentFilter, order: PaymentOrder
) -> Response:
    """The payments that a filter lets through, as a download."""
    return await spreadsheets.answer(form, f"{organisation}-payments", COLUMNS, _rows(asked, where, order))


async def _rows(asked: Asked, where: PaymentFilter, order: PaymentOrder) -> AsyncIterator[spreadsheets.Row]:
    found = every(lambda part: reads.payments(asked.db, asked.viewer, where, order=order, page=part, times=asked.times))
    async for payment in found:
        yield _row(payment)


def _row(payment: Payment) -> spreadsheets.Row:
    return (
        name_of(payment.organisation),
        payment.organisation,
        payment.department,
        payment.supplier_name,
        payment.company_number,
        payment.paid_on.isoformat(),
        payment.document_number,
        spreadsheets.Number(money.decimal(payment.net_pence)),
        payment.purpose,
        payment.contract_reference,
        spreadsheets.Number(money.decimal(payment.vat_pence)),
        payment.period,
        payment.scope,
        payment.scope_rule,
        payment.answer,
        payment.contract_id,
        payment.supplier_id or payment.payee_id,
        payment.file_id,
        payment.line,
        payment.payment_id,
        payment.document_line,
        payment.invoice_number,
        _day(payment.invoice_date),
        _day(payment.received_date),
        payment.purchase_order,
        payment.cost_centre,
        payment.account,
        spreadsheets.Number(money.decimal(payment.irrecoverable_vat_pence)),
        payment.pay_run,
        payment.status,
        payment.withdrawn,
        _day(payment.withdrawn_on),
        payment.link_kind,
        payment.original_payment_id,
        *_bought(payment),
    )


def _bought(payment: Payment) -> tuple[str | None, str | None, str | None, str | None]:
    found = category_of(payment)
    return (None, None, None, None) if found is None else (found.code, found.name, found.source, found.confidence)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
