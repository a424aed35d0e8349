"""How payments come onto the record, whichever door they came through: one transaction, one decider."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eventlog.envelope import Actor, Cause
from eventlog.store import Connection, Draft, EventLog
from services.spend import known
from services.spend.amounts import midnight
from services.spend.domain import (
    Judged,
    KnownSupplier,
    Stated,
    identified,
    payee_id,
    record,
)
from services.spend.feeds import withdrawals
from services.spend.feeds.withdrawing import check_links
from services.spend.judgement.correcting import OnRecord, Restated, restate
from services.spend.judgement.ordered import judge_by_order
from services.spend.judgement.orders import orders
from services.spend.suppliers import identities
from services.spend.suppliers.stated_numbers import PayeeName, numbers_of


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the rows that were offered."""

    new: Sequence[Judged]
    known: Sequence[Stated]
    corrected: Sequence[Restated]
    drafts: Sequence[Draft]
    payment_ids: Sequence[str]


Named = tuple[str, Stated, str]
"""A row with the digests of its content and of whom it names."""


async def decide(
    conn: Connection, organisation: str, rows: Sequence[Stated], seen: Counter[str] | None = None
) -> Recorded:
    """Decide what is new of a ledger's rows, whose it is and on which contract; remember it, and draft its facts.

    The caller holds the organisation's lock and appends the drafts in the same transaction. `seen` goes from part to
    part of one body, so that its identical rows are counted through. Raises Unlinkable.
    """
    counted = identified(organisation, rows, seen)
    named = [(content_id, row, payee_id(organisation, row)) for content_id, row in counted]
    on_record = await known.on_record(conn, organisation, [content_id for content_id, _, _ in named])
    return await settle(conn, organisation, named, on_record, {})


async def settle(
    conn: Connection,
    organisation: str,
    named: Sequence[Named],
    on_record: Mapping[str, str],
    before: Mapping[str, OnRecord],
) -> Recorded:
    """Decide rows of which it is known, by content id, which payment they are on record as, or state otherwise."""
    unknown = [each for each in named if each[0] not in on_record]
    who = await identities.keep_payees(
        conn,
        organisation,
        [
            PayeeName(payee, row.supplier_name, numbers_of(row.company_number, row.booking.additional_identifiers))
            for _, row, payee in unknown
            if not row.withheld
        ],
    )
    registered = await identities.suppliers(conn, organisation, who.values())
    restated = [
        (content_id, restate(before[content_id], row, registered.get(payee)))
        for content_id, row, payee in unknown
        if content_id in before
    ]
    new = [each for each in unknown if each[0] not in before]
    judged = await _judged(conn, organisation, new, registered)
    await known.keep_payments(conn, organisation, judged)
    await known.keep_corrections(conn, organisation, restated)
    drafts = [draft for payment in judged for draft in _payment_drafts(payment)]
    drafts += [draft for _, payment in restated for draft in _correction_drafts(payment)]
    drafts += await identities.identify(conn, organisation, who, registered)
    became = {**on_record, **{content_id: each.payment_id for content_id, each in before.items()}}
    return Recorded(
        new=judged,
        known=[row for content_id, row, _ in named if content_id in on_record],
        corrected=[each for _, each in restated],
        drafts=drafts,
        payment_ids=[became.get(content_id, content_id) for content_id, _, _ in named],
    )


async def _judged(
    conn: Connection, organisation: str, new: Sequence[Named], registered: Mapping[str, KnownSupplier]
) -> list[Judged]:
    """Everything that is decided of new payments. Raises Unlinkable."""
    links = [(row, row.link) for _, row, _ in new if row.link is not None]
    check_links(links, await withdrawals.originals(conn, organisation, [link for _, link in links]))
    repeated = await _repeated(conn, organisation, [row for _, row, _ in new])
    ordered = await orders(conn, organisation, [row.booking.purchase_order for _, row, _ in new])
    return [
        record(
            organisation, content_id, row,
            repeats_document=(row.period, row.document_number) in repeated, supplier=registered.get(payee),
            by_order=judge_by_order(
                content_id, row.paid_on, registered.get(payee), ordered.get(row.booking.purchase_order or "")
            ),
        )
        for content_id, row, payee in new
    ]  # fmt: skip


async def _repeated(conn: Connection, organisation: str, rows: Sequence[Stated]) -> set[tuple[str, str | None]]:
    found: set[tuple[str, str | None]] = set()
    for period in {row.period for row in rows}:
        numbers = [row.document_number for row in rows if row.period == period and row.document_number]
        elsewhere = await known.documents_elsewhere(conn, organisation, period, numbers)
        found |= {(period, number) for number in elsewhere}
    return found


def _payment_drafts(payment: Judged) -> list[Draft]:
    stream = f"payment/{payment.recorded.payment_id}"
    happened = midnight(payment.recorded.paid_on)
    return [
        Draft(stream=stream, version=version, fact=fact, happened_at=happened)
        for version, fact in enumerate(payment.facts, start=1)
    ]


def _correction_drafts(payment: Restated) -> list[Draft]:
    stream, happened = f"payment/{payment.corrected.payment_id}", midnight(payment.corrected.paid_on)
    return [
        Draft(stream=stream, version=version, fact=fact, happened_at=happened)
        for version, fact in enumerate(payment.facts, start=payment.version + 1)
    ]


async def append(
    log: EventLog, conn: Connection, organisation: str, drafts: Sequence[Draft], actor: Actor, cause: Cause
) -> int | None:
    """Append drafts in the caller's transaction; None when there are none."""
    if not drafts:
        return None
    return await log.record(organisation, drafts, actor=actor, cause=cause, conn=conn)
