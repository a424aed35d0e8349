"""What may a ledger say of a payment? Its fields are PaymentRecorded's, money in decimal pounds."""

import re
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    RootModel,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from doors.amounts import exact_pence
from doors.bodies import Body, Text
from schemas import proclass
from schemas.identifiers import identifier
from schemas.spend import LinkKind
from schemas.supplier_names import company_number
from services.spend.booking import Booking, Link
from services.spend.domain import Stated
from services.spend.published.bookings import WITHHELD

MOST_PAYMENTS = 10_000


def _pounds(value: object) -> int:
    amount = exact_pence(value) if isinstance(value, str) else None
    if amount is None:
        raise PydanticCustomError("money", 'money is a decimal string in pounds, as "950.00"')
    return amount


def _iso_day(value: object) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise PydanticCustomError("day", 'a day is written as "2021-04-01"')
    return date.fromisoformat(value)


def _number(value: str) -> str:
    found = company_number(value)
    if found is None:
        raise PydanticCustomError("company_number", "this is no company number")
    return found


def _identifier(value: str) -> str:
    found = identifier(value)
    if found is None:
        raise PydanticCustomError("identifier", 'an identifier is written as "GB-CHC-1049226"; no other is known here')
    return found


def _proclass(value: str) -> str:
    if not proclass.known(value):
        raise PydanticCustomError("proclass_code", "ProClass 17 has no such code")
    return value


MONEY = {"type": "string", "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$", "examples": ["950.00"]}
DAY = {"type": "string", "format": "date", "examples": ["2022-07-01"]}

Pounds = Annotated[int, BeforeValidator(_pounds), WithJsonSchema(MONEY)]
Day = Annotated[date, BeforeValidator(_iso_day), WithJsonSchema(DAY)]
CompanyNumber = Annotated[str, AfterValidator(_number)]
Identifier = Annotated[str, Field(max_length=40), AfterValidator(_identifier)]
ProClass = Annotated[str, AfterValidator(_proclass)]
PaymentId = Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
Line = Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")]


EXAMPLE: dict[str, JsonValue] = {
    "paid_on": "2022-07-01",
    "supplier_name": "Acme Limited",
    "net": "950.00",
    "vat": "190.00",
    "gross": "1140.00",
    "document_number": "5105600101",
    "document_line": "001",
    "invoice_number": "INV-7",
    "invoice_date": "2022-06-01",
    "received_date": "2022-06-03",
    "purchase_order": "PO-4500",
    "department": "Place",
    "purpose": "Grounds maintenance",
    "cost_centre": "CC10",
    "account": "40010",
    "pay_run": "2022-W26",
}


class WithdrawalInput(Body):
    """Since when a payment counts no more, and why."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [{"on": "2022-07-08", "reason": "Transfer returned: account closed"}]},
    )

    on: Day
    reason: Text


class PaymentInput(Body):
    """A payment as a ledger states it, money as decimal strings in pounds."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [EXAMPLE]})

    paid_on: Day
    supplier_name: Text
    """As the ledger writes it; whose name it is, is found out from it."""
    net: Pounds
    """Without VAT; below zero for a credit note."""
    vat: Pounds | None = None
    gross: Pounds | None = None
    irrecoverable_vat: Pounds | None = None
    """VAT that the payer cannot reclaim."""
    period: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")] | None = None
    """The month for which it is published; that of the payment when absent."""
    document_number: Text | None = None
    """The ledger's own number."""
    document_line: Text | None = None
    """The line of that document."""
    invoice_number: Text | None = None
    """The supplier's own number."""
    invoice_date: Day | None = None
    received_date: Day | None = None
    """The day on which the invoice was received."""
    purchase_order: Text | None = None
    contract_reference: Text | None = None
    """The contract's reference, as the register writes it."""
    company_number: CompanyNumber | None = None
    """The payee's, at Companies House."""
    department: Line = ""
    purpose: Line = ""
    """What it was for: the account's description, or a summary."""
    cost_centre: Text | None = None
    account: Text | None = None
    """The ledger's code or name of the account."""
    pay_run: Text | None = None
    status: Text | None = None
    """What the ledger says of the payment, in its own word. To withdraw a payment, void or cancel it."""
    proclass_code: ProClass | None = None
    """What was bought: ProClass 17."""
    cpv_code: Annotated[str, Field(pattern=r"^[0-9]{8}(-[0-9])?$")] | None = None
    """The same in the Common Procurement Vocabulary, with or without its check digit."""
    additional_identifiers: Annotated[list[Identifier], Field(max_length=10)] = Field(default_factory=list)
    """The payee's numbers in other registers, as org-id.guide writes them: GB-CHC-1049226. A VAT number, written as
    GB-VAT-980780684, links nobody by itself, for several companies may share it: it is proposed to a person."""

    kind: LinkKind | None = None
    """What it says of an earlier payment: a `credit` note gives back of it, a `reissue` is paid anew after the earlier
    one was voided or cancelled, a `recharge` passes it on."""
    original: Annotated[PaymentId | None, Field(validate_default=True)] = None
    """That earlier payment, by the payment_id of its receipt."""

    @field_validator("original")
    @classmethod
    def _linked(cls, original: str | None, info: ValidationInfo) -> str | None:
        if (original is None) != (info.data.get("kind") is None):
            raise PydanticCustomError("link", "kind and original are given together, or neither")
        return original

    @field_validator("gross")
    @classmethod
    def _foots(cls, gross: int | None, info: ValidationInfo) -> int | None:
        net, vat = info.data.get("net"), info.data.get("vat")
        if gross is not None and net is not None and vat is not None and net + vat != gross:
            raise PydanticCustomError("does_not_foot", "net and VAT do not come to the gross amount")
        return gross


class One(RootModel[PaymentInput]):
    """One payment."""


class Many(RootModel[Annotated[list[PaymentInput], Field(min_length=1, max_length=MOST_PAYMENTS)]]):
    """Several, all or nothing."""


def stated(payment: PaymentInput) -> Stated:
    """A payment as it is decided upon."""
    withheld = bool(WITHHELD.search(payment.supplier_name))
    return Stated(
        file_id=None,
        line=None,
        period=payment.period or f"{payment.paid_on:%Y-%m}",
        paid_on=payment.paid_on,
        document_number=payment.document_number,
        supplier_name=payment.supplier_name,
        company_number=payment.company_number,
        contract_reference=payment.contract_reference,
        department=payment.department,
        purpose=payment.purpose,
        net_pence=payment.net,
        vat_pence=payment.vat,
        gross_pence=payment.gross,
        withheld=withheld,
        booking=Booking(
            document_line=payment.document_line,
            invoice_number=payment.invoice_number,
            invoice_date=payment.invoice_date,
            received_date=payment.received_date,
            purchase_order=payment.purchase_order,
            cost_centre=payment.cost_centre,
            account=payment.account,
            irrecoverable_vat_pence=payment.irrecoverable_vat,
            pay_run=payment.pay_run,
            status=payment.status,
            proclass_code=payment.proclass_code,
            cpv_code=payment.cpv_code and payment.cpv_code[:8],
            additional_identifiers=() if withheld else tuple(sorted(set(payment.additional_identifiers))),
        ),
        link=None if payment.kind is None or payment.original is None else Link(payment.kind, payment.original),
    )
