"""On which contracts was a payment made, where a person knows better than the rules? Whole, or in shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.errors import Refused
from eventlog.store import Draft, EventLog
from schemas.spend import PaymentAllocated
from services.spend.decisions.decision_input import AllocationInput, AllocationsInput, ShareInput
from services.spend.decisions.placing import NothingDecided
from services.spend.feeds.ledger import NoSuchPayment
from services.spend.feeds.receipts import Entry, under_key


class NoSuchContract(Refused):
    code = "no-such-contract"
    field = "shares"
    remedy = "Give contracts of this organisation's register, each once."


class NotTheWhole(Refused):
    code = "not-the-whole"
    field = "shares"
    remedy = "Give shares that come to the payment's net amount, each of its sign; or one contract without an amount."


@dataclass(frozen=True, slots=True)
class Share:
    """What a contract bears of a payment."""

    contract_id: str
    pence: int


def shares_of(wanted: Sequence[ShareInput], net_pence: int, payment_id: str) -> list[Share]:
    """The shares of a payment that are asked for, the largest first. Pure. Raises NoSuchContract, NotTheWhole."""
    if len({each.contract_id for each in wanted}) != len(wanted):
        raise NoSuchContract(f"A contract is named twice for payment {payment_id}.")
    alone = len(wanted) == 1
    found = [Share(each.contract_id, net_pence if each.net is None and alone else each.net or 0) for each in wanted]
    if sum(each.pence for each in found) != net_pence or any(each.pence * net_pence <= 0 for each in found):
        together = sum(each.pence for each in found)
        raise NotTheWhole(f"The shares come to {together} pence, payment {payment_id} to {net_pence}.")
    return sorted(found, key=lambda each: (-abs(each.pence), each.contract_id))


async def allocate(log: EventLog, credential: Credential, key: str, payment_id: str, wanted: AllocationInput) -> UUID:
    """Record under a key on which contracts a payment was made, or take that back; answers with the receipt's id.

    Raises NoSuchPayment, KeyUsedOtherwise and Refused; then nothing is kept.
    """
    asked = f"allocate\n{payment_id}\n{wanted.model_dump_json()}"
    return await _each(log, credential, key, asked, {payment_id: wanted.shares}, wanted.reason)


async def allocate_each(log: EventLog, credential: Credential, key: str, wanted: AllocationsInput) -> UUID:
    """Record under a key on which contracts many payments were made, of all or none; like `allocate`."""
    shares = {each.payment_id: each.shares for each in wanted.payments}
    if len(shares) != len(wanted.payments):
        raise NotTheWhole("A payment is named twice: give all shares of a payment together.")
    return await _each(log, credential, key, f"allocate each\n{wanted.model_dump_json()}", shares, wanted.reason)


async def _each(
    log: EventLog,
    credential: Credential,
    key: str,
    asked: str,
    wanted: Mapping[str, Sequence[ShareInput] | None],
    reason: str,
) -> UUID:
    async def decide(entry: Entry) -> None:
        drafts = {payment: await _decided(entry, payment, shares, reason) for payment, shares in wanted.items()}
        changed = [payment for payment, of_it in drafts.items() if of_it]
        await entry.add([draft for of_it in drafts.values() for draft in of_it], list(wanted), changed)

    return await under_key(log, credential, key, sha256(asked.encode()).digest(), decide)


async def _decided(entry: Entry, payment_id: str, wanted: Sequence[ShareInput] | None, reason: str) -> list[Draft]:
    """What is to be recorded of one payment; nothing where it is decided so already."""
    net, version = await _payment(entry, payment_id)
    standing = await _standing(entry, payment_id)
    if wanted is None and not standing:
        raise NothingDecided("Nobody decided on which contract this payment was made.")
    shares = shares_of(wanted, net, payment_id) if wanted is not None else []
    await _known(entry, shares, payment_id)
    if {each.contract_id: (each.pence, net) for each in shares} == standing:
        return []
    facts = list(_facts(payment_id, reason, net, standing, shares))
    await _keep(entry, payment_id, net, shares, len(facts))
    return [
        Draft(stream=f"payment/{payment_id}", version=number, fact=fact, happened_at=now())
        for number, fact in enumerate(facts, version + 1)
    ]


Standing = Mapping[str, tuple[int, int]]
"""By contract: its share, and the whole of which it is one."""


async def _payment(entry: Entry, payment_id: str) -> tuple[int, int]:
    """Net pence, and the version of the stream. Raises NoSuchPayment."""
    row = await entry.conn.fetchrow(
        "SELECT net_pence, version FROM spend.payment WHERE organisation = $1 AND payment_id = $2",
        entry.organisation,
        payment_id,
    )
    if row is None:
        raise NoSuchPayment(payment_id)
    return row["net_pence"], row["version"]


async def _standing(entry: Entry, payment_id: str) -> Standing:
    rows = await entry.conn.fetch(
        "SELECT contract_id, share_pence, of_pence FROM spend.allocation WHERE organisation = $1 AND payment_id = $2",
        entry.organisation,
        payment_id,
    )
    return {row["contract_id"]: (row["share_pence"], row["of_pence"]) for row in rows}


async def _known(entry: Entry, shares: Sequence[Share], payment_id: str) -> None:
    known = await entry.conn.fetch(
        "SELECT contract_id FROM spend.known_contract WHERE organisation = $1 AND contract_id = ANY($2)",
        entry.organisation,
        [each.contract_id for each in shares],
    )
    if unknown := {each.contract_id for each in shares} - {row["contract_id"] for row in known}:
        raise NoSuchContract(
            f"There is no contract {min(unknown)} on this organisation's register for payment {payment_id}."
        )


def _facts(
    payment_id: str, reason: str, net: int, standing: Standing, shares: Sequence[Share]
) -> list[PaymentAllocated]:
    """What is withdrawn first, then what is decided, the largest share first."""
    kept = {each.contract_id for each in shares}
    gone = [
        PaymentAllocated(payment_id=payment_id, contract_id=contract, decision="withdrawn", place=place,
                         share_pence=share, of_pence=of, reason=reason)
        for place, (contract, (share, of)) in enumerate(sorted(standing.items()), 1)
        if contract not in kept
    ]  # fmt: skip
    decided = [
        PaymentAllocated(payment_id=payment_id, contract_id=each.contract_id, decision="decided", place=place,
                         share_pence=each.pence, of_pence=net, reason=reason)
        for place, each in enumerate(shares, 1)
    ]  # fmt: skip
    return [*gone, *decided]


async def _keep(entry: Entry, payment_id: str, net: int, shares: Sequence[Share], facts: int) -> None:
    await entry.conn.execute(
        "DELETE FROM spend.allocation WHERE organisation = $1 AND payment_id = $2", entry.organisation, payment_id
    )
    await entry.conn.executemany(
        "INSERT INTO spend.allocation VALUES ($1, $2, $3, $4, $5)",
        [(entry.organisation, payment_id, each.contract_id, each.pence, net) for each in shares],
    )
    await entry.conn.execute(
        "UPDATE spend.payment SET version = version + $3 WHERE organisation = $1 AND payment_id = $2",
        entry.organisation, payment_id, facts,
    )  # fmt: skip
