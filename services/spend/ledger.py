"""Payments from a finance system: one or many, all or nothing, and never twice under one key."""

import re
from datetime import date
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, RootModel, WithJsonSchema
from pydantic_core import PydanticCustomError

from doors.amounts import exact_pence
from doors.bodies import Body, Text, read_json, strictly_json
from eventlog.credentials import Credential
from eventlog.envelope import Cause
from eventlog.errors import Refused
from eventlog.ids import new_id
from eventlog.store import EventLog
from schemas.supplier_names import company_number
from services.spend import known, recording
from services.spend.domain import Stated
from services.spend.files import ROLE
from services.spend.intake import WITHHELD

LARGEST_BODY = 5 * 2**20
MOST_PAYMENTS = 10_000
PATIENCE = 2.0  # seconds that the door waits for the sequencer


class KeyUsedOtherwise(Refused):
    code = "idempotency-key-used"
    remedy = "Send a new Idempotency-Key with a new body."


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


Pounds = Annotated[
    int, BeforeValidator(_pounds), WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$"})
]
Day = Annotated[date, BeforeValidator(_iso_day), WithJsonSchema({"type": "string", "format": "date"})]
Line = Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")]


class PaymentInput(Body):
    """A payment as a ledger states it; the fields are PaymentRecorded's, money in decimal pounds."""

    paid_on: Day
    supplier_name: Text
    net: Pounds
    vat: Pounds | None = None
    gross: Pounds | None = None
    period: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")] | None = None
    document_number: Text | None = None
    company_number: Annotated[str, AfterValidator(_number)] | None = None
    contract_reference: Text | None = None
    department: Line = ""
    purpose: Line = ""


class One(RootModel[PaymentInput]):
    """One payment."""


class Many(RootModel[Annotated[list[PaymentInput], Field(min_length=1, max_length=MOST_PAYMENTS)]]):
    """Several, all or nothing."""


def read(body: bytes) -> list[Stated]:
    """The payments of a body, one or many. Raises BadRequest, which names the field."""
    many = isinstance(strictly_json(body), list)
    payments = read_json(body, Many).root if many else [read_json(body, One).root]
    return [_stated(payment) for payment in payments]


def _stated(payment: PaymentInput) -> Stated:
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
        withheld=bool(WITHHELD.search(payment.supplier_name)),
    )


async def receive(log: EventLog, credential: Credential, key: str, body: bytes) -> UUID:
    """Record a body's payments under a key and answer with the receipt's id.

    Raises BadRequest and KeyUsedOtherwise; then nothing is kept, the key neither.
    """
    actor = credential.actor(ROLE)
    digest = sha256(body).digest()
    rows = read(body)
    await log.log_id(actor.organisation)
    async with log.pool.acquire() as conn, conn.transaction():
        await conn.execute(known.LOCK, actor.organisation)
        earlier = await conn.fetchrow(
            "SELECT receipt_id, body_digest FROM spend.receipt WHERE organisation = $1 AND idempotency_key = $2",
            actor.organisation,
            key,
        )
        if earlier is not None:
            if bytes(earlier["body_digest"]) != digest:
                raise KeyUsedOtherwise("This key was used with another body.")
            return UUID(str(earlier["receipt_id"]))
        decided = await recording.decide(conn, actor.organisation, rows)
        receipt = new_id()
        cause = Cause(command_id=receipt, correlation_id=receipt)
        append_id = await recording.append(log, conn, actor.organisation, decided.drafts, actor, cause)
        await conn.execute(
            "INSERT INTO spend.receipt VALUES ($1, $2, $3, $4, $5, $6, $7)",
            actor.organisation, key, receipt, digest, append_id, list(decided.payment_ids),
            [payment.recorded.payment_id for payment in decided.new],
        )  # fmt: skip
    log.appended.ring()
    return receipt


async def answer(log: EventLog, organisation: str, receipt_id: UUID, patience: float) -> dict[str, Any] | None:
    """A receipt as the door shows it: each payment, new or known already, and the log positions once there are any.

    A payment that is known already was on record in all that it says, from a file or from another body: nothing was
    added for it, and a receipt of such payments alone has no positions.
    """
    row = await log.pool.fetchrow(
        "SELECT append_id, payment_ids, new_ids FROM spend.receipt WHERE organisation = $1 AND receipt_id = $2",
        organisation,
        receipt_id,
    )
    if row is None:
        return None
    positions = [] if row["append_id"] is None else await log.positions(row["append_id"], timeout=patience)
    new = set(row["new_ids"])
    return {
        "receipt_id": str(receipt_id),
        "organisation": organisation,
        "payment_ids": list(row["payment_ids"]),
        "new": len(new),
        "known": len(row["payment_ids"]) - len(new),
        "known_ids": [payment for payment in row["payment_ids"] if payment not in new],
        "positions": None if positions is None else [str(position) for position in positions],
    }
