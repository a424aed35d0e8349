"""Does a pay run's control total agree with what is on record of it?"""

from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from doors.bodies import Body
from eventlog.clock import now
from eventlog.codec import Codec
from eventlog.store import Draft, EventLog
from schemas.spend import PayRunReconciled
from services.spend.feeds.payment_input import Pounds
from services.spend.feeds.receipts import Entry

_codec = Codec(PayRunReconciled)


class PayRunInput(Body):
    """The control total of a pay run, as the ledger states it."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra={"examples": [{"payments": 2, "net": "1900.00"}]}
    )

    payments: Annotated[int, Field(ge=0, le=10**9)]
    """How many payments it has; those that were voided or cancelled since are left out."""
    net: Pounds
    """What they come to, without VAT."""


async def reconcile(entry: Entry, pay_run: str, stated: PayRunInput) -> None:
    """Count what stands of a pay run, and put on the record whether it agrees."""
    row = await entry.conn.fetchrow(
        "SELECT count(*) AS payments, coalesce(sum(net_pence), 0)::bigint AS pence FROM spend.payment"
        " WHERE organisation = $1 AND pay_run = $2 AND withdrawn IS NULL",
        entry.organisation,
        pay_run,
    )
    assert row is not None, "an aggregate without groups is always one row"
    stream = f"pay-run/{pay_run}"
    versions = await entry.log.versions(entry.organisation, [stream], entry.conn)
    fact = PayRunReconciled(
        pay_run=pay_run,
        stated_payments=stated.payments,
        stated_pence=stated.net,
        found_payments=row["payments"],
        found_pence=row["pence"],
        agrees=(stated.payments, stated.net) == (row["payments"], row["pence"]),
    )
    draft = Draft(stream=stream, version=versions.get(stream, 0) + 1, fact=fact, happened_at=now())
    await entry.add([draft], [pay_run], [pay_run])


async def outcome(log: EventLog, organisation: str, pay_run: str, receipt: UUID) -> dict[str, Any]:
    """What a receipt's reconciliation found, money in pounds."""
    events = await log.load(organisation, f"pay-run/{pay_run}")
    fact = _codec.decode(next(event for event in events if event.commandid == str(receipt)))
    assert isinstance(fact, PayRunReconciled)
    return {
        "pay_run": pay_run,
        "agrees": fact.agrees,
        "stated": {"payments": fact.stated_payments, "net": _pounds(fact.stated_pence)},
        "found": {"payments": fact.found_payments, "net": _pounds(fact.found_pence)},
        "difference": {
            "payments": fact.found_payments - fact.stated_payments,
            "net": _pounds(fact.found_pence - fact.stated_pence),
        },
    }


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02}"
