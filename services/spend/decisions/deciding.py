"""What does a person decide of a name that was paid: is it this supplier of the register, or is it not?"""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from doors.problems import BadRequest
from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.errors import Refused
from eventlog.store import Connection, Draft, EventLog
from schemas.identifiers import contradict
from schemas.spend import SupplierLinkDecided
from services.spend import known
from services.spend.decisions.decision_input import LinkInput
from services.spend.feeds.receipts import Entry, under_key
from services.spend.judgement.rejudging import rejudge
from services.spend.suppliers import identities
from services.spend.suppliers.stated_numbers import PayeeName


class AnotherAccepted(Refused):
    code = "another-accepted"
    field = "supplier_id"
    remedy = "Withdraw that decision first: a payee is one supplier."


class OtherCompany(Refused):
    code = "other-company"
    field = "supplier_id"
    remedy = "Two company numbers are two companies; correct the number where it is wrong."


class NothingDecided(Refused):
    code = "nothing-decided"
    field = "decision"
    remedy = "Only what was decided can be withdrawn."


async def decide_link(log: EventLog, credential: Credential, key: str, payee_id: str, wanted: LinkInput) -> UUID:
    """Accept or reject that a payee is a supplier, or withdraw that, under a key; answers with the receipt's id.

    Payments to the payee are judged again in the same transaction. Raises BadRequest, KeyUsedOtherwise and Refused;
    then nothing is kept.
    """
    asked = f"link\n{payee_id}\n{wanted.supplier_id}\n{wanted.decision}\n{wanted.reason}"

    async def decide(entry: Entry) -> None:
        drafts = await _drafts(entry.conn, entry.organisation, payee_id, wanted)
        await entry.add(drafts, [payee_id], [payee_id] if drafts else [])

    return await under_key(log, credential, key, sha256(asked.encode()).digest(), decide, "payees")


async def _drafts(conn: Connection, organisation: str, payee_id: str, wanted: LinkInput) -> list[Draft]:
    payee = (await known.payees(conn, organisation, [payee_id])).get(payee_id)
    if payee is None:
        raise BadRequest(404, "no-such-payee", f"There is no payee {payee_id} on record.", field="payee_id")
    await _check_supplier(conn, organisation, payee, wanted)
    if not await _keep(conn, organisation, payee_id, wanted):
        return []
    fact = SupplierLinkDecided(
        payee_id=payee_id,
        supplier_id=wanted.supplier_id,
        supplier_name=payee.supplier_name,
        decision=wanted.decision,
        reason=wanted.reason,
    )
    await known.name_payees(conn, organisation, [payee.now_at(payee.version + 1)])
    registered = await identities.suppliers(
        conn, organisation, [PayeeName(payee_id, payee.supplier_name, payee.numbers)]
    )  # fmt: skip
    return [
        Draft(stream=f"payee/{payee_id}", version=payee.version + 1, fact=fact, happened_at=now()),
        *await identities.identify(conn, organisation, [payee_id], registered),
        *await rejudge(conn, organisation, registered, [payee_id], []),
    ]


async def _check_supplier(conn: Connection, organisation: str, payee: known.Payee, wanted: LinkInput) -> None:
    rows = await conn.fetch(
        "SELECT numbers FROM spend.known_supplier WHERE organisation = $1 AND supplier_id = $2",
        organisation,
        wanted.supplier_id,
    )
    if not rows:
        raise BadRequest(
            422, "no-such-supplier", f"There is no supplier {wanted.supplier_id} on the register.",
            field="supplier_id", remedy="Name a supplier as the register's list gives it.",
        )  # fmt: skip
    numbers = {number for row in rows for number in row[0]}
    if wanted.decision == "accepted" and contradict(payee.numbers, numbers):
        raise OtherCompany(f"The payee's numbers are {_listed(payee.numbers)}, the supplier's {_listed(numbers)}.")


def _listed(numbers: Iterable[str]) -> str:
    return ", ".join(sorted(numbers))


async def _keep(conn: Connection, organisation: str, payee_id: str, wanted: LinkInput) -> bool:
    """Remember the decision; whether it is new. Raises Refused."""
    rows = await conn.fetch(
        "SELECT supplier_id, accepted FROM spend.link_decision WHERE organisation = $1 AND payee_id = $2",
        organisation,
        payee_id,
    )
    before = {row["supplier_id"]: row["accepted"] for row in rows}
    mine = organisation, payee_id, wanted.supplier_id
    if wanted.decision == "withdrawn":
        if wanted.supplier_id not in before:
            raise NothingDecided("Nothing is decided of this payee and this supplier.")
        await conn.execute(
            "DELETE FROM spend.link_decision WHERE organisation = $1 AND payee_id = $2 AND supplier_id = $3", *mine
        )
        return True
    accepts = wanted.decision == "accepted"
    if before.get(wanted.supplier_id) is accepts:
        return False
    other = next((supplier for supplier, accepted in before.items() if accepted), None)
    if accepts and other is not None:
        raise AnotherAccepted(f"The payee was accepted to be {other}.")
    await conn.execute(
        "INSERT INTO spend.link_decision VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (organisation, payee_id, supplier_id) DO UPDATE SET accepted = excluded.accepted",
        *mine,
        accepts,
    )
    return True
