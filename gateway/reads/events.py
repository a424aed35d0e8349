"""Which events are behind a record, where do they stand, and what are their exact bytes?"""

from collections.abc import Sequence
from typing import Any

from gateway.policy import Viewer, sees_event
from gateway.reads.event_shapes import Event, StoredEvent
from gateway.reads.filters import FIRST_PAGE, Page
from gateway.reads.shapes import (
    Commitment,
    Contract,
    PageOf,
    Payment,
    SourceFile,
    Supplier,
)
from gateway.reads.sql import (
    Database,
    Keyed,
    Question,
    check_page,
    read_cursor,
    write_cursor,
)
from gateway.reads.times import NOW, Times
from gateway.reads.visible import payment_visible

Stream = tuple[str, str]
"""A service and one of its streams."""

_COLUMNS = """e.organisation, e.service, e.log_index, e.event_id, e.type, e.stream, e.version,
    e.happened_at, e.recorded_at"""
_BY_PLACE = Keyed("e.organisation", "e.service").by("place", "e.log_index", "bigint")


def evidence_of_payment(payment: Payment) -> list[Stream]:
    """What was said of the payment, of its payee, and of the contract it is on."""
    streams = [("spend", f"payment/{payment.payment_id}")]
    if payment.payee_id is not None:
        streams.append(("spend", f"payee/{payment.payee_id}"))
    if payment.contract_id is not None:
        streams.append(("contracts", f"contract/{payment.contract_id}"))
    if payment.judged_by_order is not None:
        streams.append(("spend", f"purchase-order/{payment.judged_by_order}"))
    return streams


def evidence_of_contract(contract: Contract) -> list[Stream]:
    """What registers said of the contract and its supplier."""
    streams = [("contracts", f"contract/{contract.contract_id}")]
    if contract.supplier_id is not None:
        streams.append(("contracts", f"supplier/{contract.supplier_id}"))
    return streams


def evidence_of_supplier(supplier: Supplier) -> list[Stream]:
    """What registers said of the supplier and persons decided of it, or what its name was matched to."""
    if supplier.registered:
        merges = [("spend", f"merge/{each}") for each in (supplier.supplier_id, *supplier.merged)]
        return [("contracts", f"supplier/{supplier.supplier_id}"), *merges]
    return [("spend", f"payee/{supplier.supplier_id}")]


def evidence_of_outcome(commitment: Commitment, claim_ids: Sequence[str] = ()) -> list[Stream]:
    """The commitment, and the claims on it."""
    claims = [("social_value", f"claim/{claim_id}") for claim_id in claim_ids]
    return [("social_value", f"commitment/{commitment.commitment_id}"), *claims]


def evidence_of_source_file(source_file: SourceFile) -> list[Stream]:
    """The file's own stream: received, and the rows that were rejected."""
    if source_file.kind == "register":
        return [("contracts", f"register/{source_file.file_id}")]
    return [("spend", f"file/{source_file.file_id}")]


async def evidence(
    db: Database,
    organisation: str,
    streams: Sequence[Stream],
    *,
    page: Page = FIRST_PAGE,
    times: Times = NOW,
) -> PageOf[Event]:
    """The events of these streams, in the order of the logs. Call it for what the viewer sees."""
    question = Question()
    services = question.value([service for service, _ in streams])
    names = question.value([stream for _, stream in streams])
    question.where(f"(e.service, e.stream) IN (SELECT * FROM unnest({services}::text[], {names}::text[]))")
    return await _events(db, question, organisation, page, times)


async def organisation_evidence(
    db: Database,
    viewer: Viewer,
    organisation: str,
    *,
    page: Page = FIRST_PAGE,
    times: Times = NOW,
) -> PageOf[Event]:
    """Every event that stands behind what the viewer may see of an organisation."""
    question = Question(times)
    payment = (
        "EXISTS (SELECT FROM live.payment p WHERE p.organisation = e.organisation"
        f" AND p.payment_id = substr(e.stream, 9) AND {question.known('p')}"
        f" AND {payment_visible(question, viewer)})"
    )
    published = "e.stream ^@ 'contract/' OR e.stream ^@ 'supplier/'"
    if organisation in viewer.whole:
        question.where("e.service IN ('contracts', 'spend', 'social_value')")
        question.values.clear()
    else:
        question.where(
            f"(e.service = 'contracts' AND ({published})"
            f" OR e.service = 'spend' AND e.stream ^@ 'payment/' AND {payment})"
        )
    return await _events(db, question, organisation, page, times)


async def _events(
    db: Database,
    question: Question,
    organisation: str,
    page: Page,
    times: Times,
) -> PageOf[Event]:
    check_page(page)
    question.where(f"e.organisation = {question.value(organisation)}")
    if times.known_at is not None:
        question.where(f"e.recorded_at <= {question.value(times.known_at)}")
    if page.after is not None:
        index, _organisation, service = read_cursor(page.after, _BY_PLACE)
        question.where(f"(e.service, e.log_index) > ({question.value(service)}, {question.value(index)})")
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM live.event e WHERE {question.filter}"
        f" ORDER BY e.service, e.log_index LIMIT {page.first + 1}",
        *question.values,
    )
    events = [Event(**row) for row in rows]
    shown = events[: page.first]
    return PageOf(
        items=shown,
        cursors=[write_cursor(_BY_PLACE.name, e.log_index, e.organisation, e.service) for e in shown],
        has_next=len(events) > page.first,
    )


async def event(db: Database, viewer: Viewer, event_id: str) -> StoredEvent | None:
    """One event with its bytes, if the viewer may read it; None alike where there is none."""
    row = await db.fetchrow(f"SELECT {_COLUMNS}, e.actor, e.envelope FROM live.event e WHERE e.event_id = $1", event_id)
    if row is None or not sees_event(viewer, row["organisation"], row["service"]):
        return None
    return _stored(dict(row))


def _stored(row: dict[str, Any]) -> StoredEvent:
    actor, envelope = row.pop("actor"), bytes(row.pop("envelope"))
    return StoredEvent(event=Event(**row), actor=actor, envelope=envelope)
