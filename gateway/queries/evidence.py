"""Which events are behind a record, and what exactly do they say?"""

from collections.abc import Sequence

import strawberry

from eventlog.envelope import Envelope, open_envelope
from gateway import reads
from gateway.asking import Info, write_id
from gateway.connections import Connection, Node, from_row, page, parts
from gateway.reads.times import Times
from gateway.scalars import Instant

EVIDENCE = "The events that this stands on, in the order of the logs."


@strawberry.type(
    description="An event as it is stored: the bytes that are hashed, and its main attributes.", name="Envelope"
)
class StoredEnvelope:
    text: str = strawberry.field(
        description="The stored bytes as text, to the letter: a CloudEvents 1.0 envelope in canonical JSON (RFC 8785)."
    )
    specversion: str = strawberry.field(description="The version of CloudEvents.")
    source: str = strawberry.field(description="The log, as /organisations/GB-LAE-SLF/spend.")
    subject: str = strawberry.field(description="The stream within the log.")
    dataschema: str = strawberry.field(description="The name of the schema of its data.")
    schemadigest: str = strawberry.field(description="The digest of that schema.")
    actor: str = strawberry.field(description="The account that acted.")
    actorrole: str = strawberry.field(description="The role in which it acted.")
    actororganisation: str = strawberry.field(description="The organisation for which it acted.")
    commandid: str = strawberry.field(description="The command that led to the event.")
    correlationid: str = strawberry.field(description="The conversation to which that command belongs.")
    causationid: str | None = strawberry.field(description="The event that led to the command; null when none did.")
    data: str = strawberry.field(description="The fact itself, as JSON.")


def envelope(stored: bytes) -> StoredEnvelope:
    """What an envelope says of itself; its bytes are UTF-8 by its own rules."""
    opened: Envelope = open_envelope(stored)
    return StoredEnvelope(
        text=stored.decode(),
        specversion=opened.specversion,
        source=opened.source,
        subject=opened.subject,
        dataschema=opened.dataschema,
        schemadigest=opened.schemadigest,
        actor=opened.actor,
        actorrole=opened.actorrole,
        actororganisation=opened.actororganisation,
        commandid=opened.commandid,
        correlationid=opened.correlationid,
        causationid=opened.causationid,
        data=bytes(opened.data).decode(),
    )


@strawberry.type(description="Something that was put on the record, and where it stands in its log.")
class Event(Node):
    event_id: str = strawberry.field(description="The event's own id, a UUID.")
    position: str = strawberry.field(description="Its place in its log, as GB-LAE-SLF/spend/123, counted from 0.")
    organisation: str = strawberry.field(description="Whose log it is in.")
    service: str = strawberry.field(description="The service that recorded it.")
    type: str = strawberry.field(description="What happened, as localpound.spend.PaymentRecorded.v1.")
    stream: str = strawberry.field(description="What it happened to, as payment/… or contract/….")
    version: int = strawberry.field(description="Its place within that stream, counted from 1.")
    happened_at: Instant = strawberry.field(description="When it happened.")
    recorded_at: Instant = strawberry.field(description="When it was put on the record.")
    stored: strawberry.Private[bytes | None] = None

    @strawberry.field(
        description="The event as stored. Null unless your key is of the organisation whose log it is in: events name who acted."
    )
    async def envelope(self, info: Info) -> StoredEnvelope | None:
        stored = self.stored
        if stored is None:
            found = await reads.event(info.context.db, info.context.viewer, self.event_id)
            stored = None if found is None else found.envelope
        return None if stored is None else envelope(stored)


def event_of(row: reads.Event, stored: bytes | None = None) -> Event:
    """An event for partners."""
    return from_row(
        Event, row, id=write_id("Event", row.organisation, row.event_id), position=row.position, stored=stored
    )


EventConnection = Connection[Event]


async def evidence(
    info: Info,
    organisation: str,
    streams: Sequence[tuple[str, str]],
    first: int,
    after: str | None,
    times: Times,
) -> Connection[Event]:
    """The events of these streams, as a connection."""
    found = await reads.evidence(info.context.db, organisation, streams, page=page(first, after), times=times)
    return EventConnection(**parts(found, [event_of(row) for row in found.items], after))
