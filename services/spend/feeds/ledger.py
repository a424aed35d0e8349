"""Payments from a finance system: one or many, all or nothing, and never twice under one key."""

from hashlib import sha256
from uuid import UUID

from doors.bodies import read_json, strictly_json
from doors.problems import BadRequest
from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.store import EventLog
from services.spend import recording
from services.spend.amounts import LONDON
from services.spend.domain import Stated
from services.spend.feeds.payment_input import Many, One, stated
from services.spend.feeds.receipts import Entry, under_key
from services.spend.feeds.withdrawals import draft_withdrawal
from services.spend.feeds.withdrawing import Unlinkable, Withdrawal

LARGEST_BODY = 5 * 2**20


def read(body: bytes) -> list[tuple[str, Stated]]:
    """The payments of a body, one or many, each with its place as errors name it. Raises BadRequest."""
    if isinstance(strictly_json(body), list):
        return [(f"{place}.", stated(each)) for place, each in enumerate(read_json(body, Many).root)]
    return [("", stated(read_json(body, One).root))]


async def receive(log: EventLog, credential: Credential, key: str, body: bytes) -> UUID:
    """Record a body's payments under a key and answer with the receipt's id.

    Raises BadRequest and KeyUsedOtherwise; then nothing is kept, the key neither.
    """
    placed = read(body)
    rows = [row for _, row in placed]

    async def decide(entry: Entry) -> None:
        try:
            await take(entry, await recording.decide(entry.conn, entry.organisation, rows))
        except Unlinkable as error:
            at = next(place for place, row in placed if row is error.row)
            raise BadRequest(422, error.code, str(error), field=f"{at}{error.field}", remedy=error.remedy) from error

    return await under_key(log, credential, key, sha256(body).digest(), decide)


async def take(entry: Entry, decided: recording.Recorded) -> None:
    """Add what was decided of some of a body's payments."""
    new = [payment.recorded.payment_id for payment in decided.new]
    await entry.add(decided.drafts, decided.payment_ids, new)


class NoSuchPayment(BadRequest):
    """A path names a payment that is not on the organisation's record."""

    def __init__(self, payment_id: str) -> None:
        super().__init__(404, "no-such-payment", f"There is no payment {payment_id} on record.", field="payment_id")


async def withdraw(log: EventLog, credential: Credential, key: str, payment_id: str, wanted: Withdrawal) -> UUID:
    """Void or cancel a payment under a key and answer with the receipt's id.

    Raises BadRequest, KeyUsedOtherwise and what `withdrawing.withdraw` refuses; then nothing is kept.
    """
    today = now().astimezone(LONDON).date()
    asked = f"{wanted.kind}\n{payment_id}\n{wanted.on}\n{wanted.reason}"

    async def decide(entry: Entry) -> None:
        drafts = await draft_withdrawal(entry.conn, entry.organisation, payment_id, wanted, today)
        if drafts is None:
            raise NoSuchPayment(payment_id)
        await entry.add(drafts, [payment_id], [payment_id] if drafts else [])

    return await under_key(log, credential, key, sha256(asked.encode()).digest(), decide)
