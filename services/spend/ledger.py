"""Payments from a finance system: one or many, all or nothing, and never twice under one key."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from doors.bodies import read_json, strictly_json
from eventlog.credentials import Credential
from eventlog.envelope import Cause
from eventlog.errors import Refused
from eventlog.ids import new_id
from eventlog.store import EventLog
from services.spend import known, recording
from services.spend.domain import Stated
from services.spend.files import ROLE
from services.spend.payment_input import Many, One, stated

LARGEST_BODY = 5 * 2**20
PATIENCE = 2.0  # seconds that the door waits for the sequencer


class KeyUsedOtherwise(Refused):
    code = "idempotency-key-used"
    remedy = "Send a new Idempotency-Key with a new body."


def read(body: bytes) -> list[Stated]:
    """The payments of a body, one or many. Raises BadRequest, which names the field."""
    many = isinstance(strictly_json(body), list)
    payments = read_json(body, Many).root if many else [read_json(body, One).root]
    return [stated(payment) for payment in payments]


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
