"""Which events are there, in which log and place, and what are their exact bytes?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from eventlog.projector import Recorded
from schemas.fact import Fact

if TYPE_CHECKING:
    from eventlog.store import Connection

TABLE = """
CREATE TABLE IF NOT EXISTS {schema}.event (
    organisation text NOT NULL,
    service text NOT NULL,
    log_index bigint NOT NULL,
    event_id text NOT NULL,
    stream text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    envelope bytea NOT NULL,
    PRIMARY KEY (organisation, service, log_index)
)
"""

INDEXES = """
CREATE INDEX IF NOT EXISTS event_of_stream ON {schema}.event (organisation, service, stream, version);
CREATE INDEX IF NOT EXISTS event_by_id ON {schema}.event (event_id);
"""

KNOWN = """
SELECT organisation, service, log_index FROM {schema}.event
WHERE (organisation, service, log_index) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]))
"""


class AuditTrail:
    """Every event of every topic, appended as it comes and never changed."""

    name = "audit_trail"
    version = 1
    topics = ("contracts.events", "spend.events", "social_value.events", "access.events")
    facts: tuple[type[Fact], ...] = ()
    wants_all = True

    async def create(self, conn: "Connection", schema: str) -> None:
        """A fresh generation's table."""
        await conn.execute(TABLE.format(schema=schema))

    async def finish(self, conn: "Connection", schema: str) -> None:
        """The indexes that only readers need."""
        await conn.execute(INDEXES.format(schema=schema))

    async def apply(self, conn: "Connection", schema: str, batch: Sequence[Recorded]) -> None:
        """Add a batch; what is there already is left as it is."""
        rows = {(one.organisation, one.service, one.index): one for one in batch}
        organisations, services, indexes = zip(*rows, strict=True)
        known = await conn.fetch(KNOWN.format(schema=schema), organisations, services, indexes)
        for place in known:
            del rows[place["organisation"], place["service"], place["log_index"]]
        await conn.copy_records_to_table("event", schema_name=schema, records=map(_values, rows.values()))


class _Acting(msgspec.Struct, frozen=True, gc=False):
    """Who acted: all of an envelope that the reader has not opened already."""

    actor: str


_acting = msgspec.json.Decoder(_Acting)


def _values(recorded: Recorded) -> tuple[object, ...]:
    return (
        recorded.organisation,
        recorded.service,
        recorded.index,
        recorded.event_id,
        recorded.stream,
        recorded.version,
        recorded.type,
        recorded.happened_at,
        recorded.recorded_at,
        _acting.decode(recorded.envelope).actor,
        recorded.envelope,
    )


audit_trail = AuditTrail()
