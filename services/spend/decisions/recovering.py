"""What has come back of payments that were one? A person says so, of payments on record, and no more than was paid over."""

from datetime import date
from hashlib import sha256
from uuid import UUID

from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.errors import Refused
from eventlog.store import Draft, EventLog
from schemas.findings import finding_id
from schemas.legal_days import legal_day
from schemas.spend import DuplicateRecovered
from services.spend.decisions.answering import PersonNeeded, next_version
from services.spend.decisions.decision_input import RecoveryInput
from services.spend.feeds.receipts import Entry, under_key


class NoSuchPayments(Refused):
    code = "no-such-payments"
    field = "payment_ids"
    remedy = "Give payments that are on record, each once."


class NotOnePayment(Refused):
    code = "not-one-payment"
    field = "payment_ids"
    remedy = "Give the payments of the finding: all of one amount, the one that it is about among them."


class MoreThanPaid(Refused):
    code = "more-than-paid"
    field = "recovered"
    remedy = "Give what came back in all so far: never more than was paid beside the one payment that was due."


class NotYet(Refused):
    code = "not-yet"
    field = "recovered_on"
    remedy = "Record it when the money is back."


def check(wanted: RecoveryInput, person: str | None, paid: dict[str, int], today: date) -> None:
    """Whether a recovery may be recorded; `paid` is what each payment on record came to, in pence. Pure.

    Raises PersonNeeded, NoSuchPayments, NotOnePayment, MoreThanPaid, NotYet.
    """
    if person is None:
        raise PersonNeeded("A machine recorded a recovery.")
    if len(set(wanted.payment_ids)) != len(wanted.payment_ids) or set(wanted.payment_ids) != set(paid):
        raise NoSuchPayments("Some of these payments are not on this organisation's record, or are named twice.")
    if len(set(paid.values())) != 1 or wanted.finding.cause_id not in paid:
        raise NotOnePayment("These payments are of unlike amounts, or the finding is about another.")
    over = sum(paid.values()) - max(paid.values())
    if not 0 <= wanted.recovered <= over:
        raise MoreThanPaid(f"{wanted.recovered} pence came back of {over}.")
    if wanted.recovered_on > today:
        raise NotYet(f"{wanted.recovered_on} is still to come.")


async def recover(log: EventLog, credential: Credential, key: str, wanted: RecoveryInput) -> UUID:
    """Record under a key what came back of a duplicate; answers with the receipt's id.

    Raises BadRequest, KeyUsedOtherwise and Refused; then nothing is kept.
    """

    async def decide(entry: Entry) -> None:
        rows = await entry.conn.fetch(
            "SELECT payment_id, net_pence FROM spend.payment WHERE organisation = $1 AND payment_id = ANY($2)"
            " AND withdrawn IS NULL",
            entry.organisation,
            wanted.payment_ids,
        )
        check(wanted, entry.actor.person, {row["payment_id"]: row["net_pence"] for row in rows}, legal_day(now()))
        about = wanted.finding
        finding = finding_id(about.code, about.cause, about.cause_id)
        fact = DuplicateRecovered(
            finding_id=finding, code=about.code, cause=about.cause, cause_id=about.cause_id,
            payment_ids=tuple(wanted.payment_ids), recovered_pence=wanted.recovered, recovered_on=wanted.recovered_on,
            how=wanted.how, reference=wanted.reference, reason=wanted.reason,
        )  # fmt: skip
        version = await next_version(entry, finding)
        draft = Draft(stream=f"finding/{finding}", version=version, fact=fact, happened_at=now())
        await entry.add([draft], [finding], [finding])

    asked = sha256(("recover" + wanted.model_dump_json()).encode()).digest()
    return await under_key(log, credential, key, asked, decide, "findings")
