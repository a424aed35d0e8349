"""What is behind an id? One thing at a time; what a caller may not see is as if it were not there."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import strawberry

from gateway import reads
from gateway.asking import Asking, Info, read_id
from gateway.connections import AsOf, KnownAt, Node
from gateway.queries.contracts import Contract, contract_of
from gateway.queries.evidence import Event, event_of
from gateway.queries.files import SourceFile, file_of
from gateway.queries.organisations import Organisation, organisation_of
from gateway.queries.outcomes import Outcome, outcome_of
from gateway.queries.payments import Payment, payment_of
from gateway.queries.suppliers import Supplier, supplier_of
from gateway.reads.sql import check_text
from gateway.reads.times import Times

Whose = Annotated[str, strawberry.argument(description="The organisation, as GB-LAE-SLF.")]
Read = Callable[..., Awaitable[Any]]

KINDS: Mapping[str, tuple[Read, Callable[[Any, Times], Node]]] = {
    "Contract": (reads.contract, contract_of),
    "Supplier": (reads.supplier, supplier_of),
    "Payment": (reads.payment, payment_of),
    "Outcome": (reads.outcome, outcome_of),
    "SourceFile": (reads.source_file, file_of),
}


async def _one(asking: Asking, kind: str, organisation: str, key: str, times: Times) -> Any:
    read, make = KINDS[kind]
    row = await read(
        asking.db, asking.viewer, check_text("organisation", organisation), check_text("id", key), times=times
    )
    return None if row is None else make(row, times)


async def node(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="An id that an earlier answer gave.")],
    as_known_at: KnownAt = None,
    as_of: AsOf = None,
) -> Node | None:
    """Resolve `node`."""
    times = Times(as_known_at, as_of)
    kind, owner, key = read_id(id)
    if kind == "Organisation" and not key:
        return await organisation(info, owner, as_known_at, as_of)
    if kind == "Event":
        found = await event(info, strawberry.ID(key))
        return found if found is not None and found.organisation == owner else None
    if kind not in KINDS:
        raise reads.BadInput("id", "This is no id of anything that can be fetched by itself.")
    found_node: Node | None = await _one(info.context, kind, owner, key, times)
    return found_node


async def organisation(
    info: Info, organisation: Whose, as_known_at: KnownAt = None, as_of: AsOf = None
) -> Organisation | None:
    """Resolve `organisation`."""
    times = Times(as_known_at, as_of)
    asking = info.context
    row = await reads.organisation(asking.db, asking.viewer, check_text("organisation", organisation), times=times)
    return None if row is None else organisation_of(row, times)


async def payment(
    info: Info,
    organisation: Whose,
    payment_id: Annotated[str, strawberry.argument(description="The payment within it.")],
    as_known_at: KnownAt = None,
) -> Payment | None:
    """Resolve `payment`."""
    found: Payment | None = await _one(info.context, "Payment", organisation, payment_id, Times(as_known_at))
    return found


async def contract(
    info: Info,
    organisation: Whose,
    contract_id: Annotated[str, strawberry.argument(description="The contract within it.")],
    as_known_at: KnownAt = None,
    as_of: AsOf = None,
) -> Contract | None:
    """Resolve `contract`."""
    found: Contract | None = await _one(info.context, "Contract", organisation, contract_id, Times(as_known_at, as_of))
    return found


async def supplier(
    info: Info,
    organisation: Whose,
    supplier_id: Annotated[str, strawberry.argument(description="The supplier or payee within it.")],
    as_known_at: KnownAt = None,
    as_of: AsOf = None,
) -> Supplier | None:
    """Resolve `supplier`."""
    found: Supplier | None = await _one(info.context, "Supplier", organisation, supplier_id, Times(as_known_at, as_of))
    return found


async def outcome(
    info: Info,
    organisation: Whose,
    commitment_id: Annotated[str, strawberry.argument(description="The commitment within it.")],
    as_known_at: KnownAt = None,
) -> Outcome | None:
    """Resolve `outcome`."""
    found: Outcome | None = await _one(info.context, "Outcome", organisation, commitment_id, Times(as_known_at))
    return found


async def source_file(
    info: Info,
    organisation: Whose,
    file_id: Annotated[str, strawberry.argument(description="The SHA-256 of the file's bytes.")],
    as_known_at: KnownAt = None,
) -> SourceFile | None:
    """Resolve `sourceFile`."""
    found: SourceFile | None = await _one(info.context, "SourceFile", organisation, file_id, Times(as_known_at))
    return found


async def event(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The event's id, a UUID.")],
) -> Event | None:
    """Resolve `event`."""
    found = await reads.event(info.context.db, info.context.viewer, check_text("id", id))
    return None if found is None else event_of(found.event, found.envelope)
