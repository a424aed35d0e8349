"""Facts and circumstances with valid defaults, so that a test states only what it is about."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from eventlog.envelope import Actor, Cause
from eventlog.store import Draft
from schemas.fact import Fact
from schemas.spend import PaymentMatched, PaymentRecorded

SALFORD = "GB-LAE-SLF"
DEVON = "GB-LAE-DEV"
NOON = datetime(2021, 4, 1, 12, tzinfo=UTC)


def actor(**changes: Any) -> Actor:
    """An officer of Salford who records payments."""
    valid = {
        "account": "person/officer",
        "person": "officer",
        "role": "payments-recorder",
        "organisation": SALFORD,
    }
    return Actor(**(valid | changes))


def cause(command_id: UUID | None = None) -> Cause:
    """A command of its own."""
    chosen = command_id or uuid4()
    return Cause(command_id=chosen, correlation_id=chosen)


def payment_recorded(**changes: Any) -> PaymentRecorded:
    """A payment of £700 as one row of a spend file."""
    valid: dict[str, Any] = {
        "payment_id": "P1",
        "payee_id": "E1",
        "file_id": "f" * 64,
        "line": 2,
        "period": "2021-04",
        "paid_on": date(2021, 4, 1),
        "document_number": "601315458",
        "supplier_name": "110 Percent Exhibitions Limited",
        "company_number": None,
        "contract_reference": None,
        "department": "Service Reform",
        "purpose": "Exhibitions",
        "net_pence": 70_000,
        "vat_pence": 0,
        "gross_pence": 70_000,
        "withheld": False,
        "repeats_document": False,
    }
    return PaymentRecorded(**(valid | changes))


def payment_matched(**changes: Any) -> PaymentMatched:
    """A payment on a contract for certain."""
    valid = {"payment_id": "P1", "supplier_id": "GB-COH-00000001", "contract_id": "C1"}
    return PaymentMatched(**(valid | changes))


def draft(stream: str = "payment/P1", version: int = 1, fact: Fact | None = None) -> Draft:
    """A fact on its way into a stream."""
    return Draft(stream=stream, version=version, fact=fact or payment_matched(), happened_at=NOON)
