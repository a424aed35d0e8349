"""What was sent under which key, and what became of it? Decided and appended in one transaction, once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID, uuid5

from asyncpg import Record

from eventlog.credentials import Credential
from eventlog.envelope import Actor, Cause
from eventlog.errors import Refused
from eventlog.ids import new_id
from eventlog.store import Connection, Draft, EventLog, Position
from services.spend import known, recording

ROLE = "payments-recorder"
PATIENCE = 2.0  # seconds that the door waits for the sequencer
Kind = Literal["payments", "purchase_orders", "suppliers", "payees", "pay_runs", "merges", "findings", "publications"]
IDS: Mapping[Kind, str] = {
    "payments": "payment_ids", "purchase_orders": "purchase_order_numbers", "suppliers": "supplier_codes",
    "payees": "payee_ids", "pay_runs": "pay_run_names", "merges": "supplier_ids",
    "findings": "finding_ids", "publications": "publication_ids",
}  # fmt: skip
"""What a receipt calls the ids of what was sent."""
LISTED = 50_000
"""Ids and positions that a receipt names; of a JSON body these are all."""


class KeyUsedOtherwise(Refused):
    code = "idempotency-key-used"
    remedy = "Send a new Idempotency-Key with a new body."


@dataclass(slots=True)
class Entry:
    """What one body comes to: the facts of each part, appended as they are decided."""

    log: EventLog
    conn: Connection
    actor: Actor
    receipt: UUID
    append_ids: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    new_ids: list[str] = field(default_factory=list)

    @property
    def organisation(self) -> str:
        """For whom is recorded."""
        return self.actor.organisation

    async def add(self, drafts: Sequence[Draft], ids: Sequence[str], new_ids: Sequence[str]) -> None:
        """Append a part's facts, and note what it was about."""
        part = len(self.append_ids)
        command = self.receipt if part == 0 else uuid5(self.receipt, f"part/{part}")
        cause = Cause(command_id=command, correlation_id=self.receipt)
        append_id = await recording.append(self.log, self.conn, self.organisation, drafts, self.actor, cause)
        if append_id is not None:
            self.append_ids.append(append_id)
        self.ids += ids
        self.new_ids += new_ids


Decide = Callable[[Entry], Awaitable[None]]


async def under_key(
    log: EventLog, credential: Credential, key: str, digest: bytes, decide: Decide, kind: Kind = "payments"
) -> UUID:
    """Decide once what was sent under a key, and answer with the receipt's id; `digest` is of door and body.

    Raises KeyUsedOtherwise, and what `decide` raises; then nothing is kept, the key neither.
    """
    actor = credential.actor(ROLE)
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
        entry = Entry(log, conn, actor, new_id())
        await decide(entry)
        await conn.execute(
            "INSERT INTO spend.receipt"
            " (organisation, idempotency_key, receipt_id, body_digest, payment_ids, new_ids, append_ids, kind)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            actor.organisation, key, entry.receipt, digest, entry.ids, entry.new_ids, entry.append_ids,
            kind,
        )  # fmt: skip
    log.appended.ring()
    return entry.receipt


async def answer(log: EventLog, organisation: str, receipt_id: UUID, patience: float) -> dict[str, Any] | None:
    """A receipt as the door shows it: each payment, new or known already, and the log positions once there are any.

    A payment that is known already was on record in all that it says, from a file or from another body: nothing was
    added for it, and a receipt of such payments alone has no positions.
    """
    row = await _sent(log, organisation, receipt_id)
    if row is None:
        return None
    ids, new = row["payment_ids"], frozenset(row["new_ids"])
    found = await _positions(log, row["append_ids"], patience)
    return {
        "receipt_id": str(receipt_id),
        "organisation": organisation,
        row["kind"]: len(ids),
        "new": len(new),
        "known": len(ids) - len(new),
        IDS[row["kind"]]: ids[:LISTED],
        "known_ids": [payment for payment in ids[:LISTED] if payment not in new],
        "positions": None if found is None else [str(position) for run in found for position in run][:LISTED],
        "runs": None if found is None else [{"first": str(run[0]), "last": str(run[-1])} for run in found],
    }


async def payments(log: EventLog, organisation: str, receipt_id: UUID) -> list[tuple[str, bool]] | None:
    """Every payment of a receipt, and whether it was new; in the order in which they were sent."""
    row = await _sent(log, organisation, receipt_id)
    if row is None:
        return None
    new = frozenset(row["new_ids"])
    return [(payment, payment in new) for payment in row["payment_ids"]]


async def _sent(log: EventLog, organisation: str, receipt_id: UUID) -> Record | None:
    return await log.pool.fetchrow(
        "SELECT kind, append_ids, payment_ids, new_ids FROM spend.receipt WHERE organisation = $1 AND receipt_id = $2",
        organisation,
        receipt_id,
    )


async def _positions(log: EventLog, append_ids: Sequence[int], patience: float) -> list[list[Position]] | None:
    found = [await log.positions(append_id, timeout=patience) for append_id in append_ids]
    runs = [run for run in found if run]
    return runs if len(runs) == len(append_ids) else None
