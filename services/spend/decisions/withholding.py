"""Is a payee a person, or somebody else whom no publication may name? What an officer decided, until it is taken back."""

from hashlib import sha256
from uuid import UUID

from doors.problems import BadRequest
from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.errors import Refused
from eventlog.store import Draft, EventLog
from schemas.spend import PayeeWithholdingDecided
from services.spend.decisions.decision_input import WithholdingInput
from services.spend.feeds.receipts import Entry, under_key


class NothingWithheld(Refused):
    code = "nothing-decided"
    field = "decision"
    remedy = "Only a payee whom somebody withheld can be named again."


async def withhold(log: EventLog, credential: Credential, key: str, payee_id: str, wanted: WithholdingInput) -> UUID:
    """Record under a key that nobody outside is to know a payee, or take that back; answers with the receipt's id.

    Payments are recorded, judged and counted as before. Raises BadRequest, KeyUsedOtherwise and Refused; then nothing
    is kept.
    """
    asked = f"withhold\n{payee_id}\n{wanted.decision}\n{wanted.reason}"

    async def decide(entry: Entry) -> None:
        row = await entry.conn.fetchrow(
            "SELECT version, kept_back FROM spend.payee WHERE organisation = $1 AND payee_id = $2",
            entry.organisation,
            payee_id,
        )
        if row is None:
            raise BadRequest(404, "no-such-payee", "There is no such payee on record.", field="payee_id")
        keep_back = wanted.decision == "withheld"
        if row["kept_back"] is keep_back:
            if not keep_back:
                raise NothingWithheld("Nobody withheld this payee.")
            await entry.add([], [payee_id], [])
            return
        await entry.conn.execute(
            "UPDATE spend.payee SET kept_back = $3, version = version + 1 WHERE organisation = $1 AND payee_id = $2",
            entry.organisation,
            payee_id,
            keep_back,
        )
        fact = PayeeWithholdingDecided(payee_id=payee_id, decision=wanted.decision, reason=wanted.reason)
        draft = Draft(stream=f"payee/{payee_id}", version=row["version"] + 1, fact=fact, happened_at=now())
        await entry.add([draft], [payee_id], [payee_id])

    return await under_key(log, credential, key, sha256(asked.encode()).digest(), decide, "payees")
