"""Which payments were voided or cancelled? What is on record of them, and how it comes there."""

from collections.abc import Sequence
from datetime import date

from eventlog.store import Connection, Draft
from services.spend.amounts import midnight
from services.spend.booking import Link
from services.spend.feeds.withdrawing import Kind, Withdrawable, Withdrawal, withdraw


async def originals(conn: Connection, organisation: str, links: Sequence[Link]) -> dict[str, Kind | None]:
    """Of the payments that links name, those on record: withdrawn in which way, or None where they stand."""
    if not links:
        return {}
    rows = await conn.fetch(
        "SELECT payment_id, withdrawn FROM spend.payment WHERE organisation = $1 AND payment_id = ANY($2)",
        organisation,
        [link.original for link in links],
    )
    return {row[0]: row[1] for row in rows}


async def draft_withdrawal(
    conn: Connection, organisation: str, payment_id: str, wanted: Withdrawal, today: date
) -> list[Draft] | None:
    """Remember that a payment counts no more, and draft the fact; none where it is known, None without a payment.

    Raises Refused.
    """
    row = await conn.fetchrow(
        "SELECT payment_id, paid_on, version, withdrawn, withdrawn_on, withdrawn_reason FROM spend.payment"
        " WHERE organisation = $1 AND payment_id = $2",
        organisation,
        payment_id,
    )
    if row is None:
        return None
    before = None
    if row["withdrawn"] is not None:
        before = Withdrawal(kind=row["withdrawn"], on=row["withdrawn_on"], reason=row["withdrawn_reason"])
    payment = Withdrawable(payment_id=payment_id, paid_on=row["paid_on"], version=row["version"], withdrawn=before)
    fact = withdraw(payment, wanted, today)
    if fact is None:
        return []
    await conn.execute(
        "UPDATE spend.payment SET withdrawn = $3, withdrawn_on = $4, withdrawn_reason = $5, version = version + 1"
        " WHERE organisation = $1 AND payment_id = $2",
        organisation, payment_id, wanted.kind, wanted.on, wanted.reason,
    )  # fmt: skip
    stream = f"payment/{payment_id}"
    return [Draft(stream=stream, version=payment.version + 1, fact=fact, happened_at=midnight(wanted.on))]
