"""Payments from a finance system: one or many, all or nothing, and never twice under one key."""

from hashlib import sha256
from uuid import UUID

from doors.bodies import read_json, strictly_json
from eventlog.credentials import Credential
from eventlog.store import EventLog
from services.spend import recording
from services.spend.domain import Stated
from services.spend.payment_input import Many, One, stated
from services.spend.receipts import Entry, under_key

LARGEST_BODY = 5 * 2**20


def read(body: bytes) -> list[Stated]:
    """The payments of a body, one or many. Raises BadRequest, which names the field."""
    many = isinstance(strictly_json(body), list)
    payments = read_json(body, Many).root if many else [read_json(body, One).root]
    return [stated(payment) for payment in payments]


async def receive(log: EventLog, credential: Credential, key: str, body: bytes) -> UUID:
    """Record a body's payments under a key and answer with the receipt's id.

    Raises BadRequest and KeyUsedOtherwise; then nothing is kept, the key neither.
    """
    rows = read(body)

    async def decide(entry: Entry) -> None:
        await take(entry, await recording.decide(entry.conn, entry.organisation, rows))

    return await under_key(log, credential, key, sha256(body).digest(), decide)


async def take(entry: Entry, decided: recording.Recorded) -> None:
    """Add what was decided of some of a body's payments."""
    new = [payment.recorded.payment_id for payment in decided.new]
    await entry.add(decided.drafts, decided.payment_ids, new)
