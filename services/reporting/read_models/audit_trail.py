"""Which events are there, in which log and place, and what are their exact bytes?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eventlog.envelope import open_envelope
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
);
CREATE INDEX IF NOT EXISTS event_of_stream ON {schema}.event (organisation, service, stream, version);
CREATE INDEX IF NOT EXISTS event_by_id ON {schema}.event (event_id);
"""

INSERT = """
INSERT INTO {schema}.event
SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[],
                     $7::text[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::bytea[])
ON CONFLICT DO NOTHING
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

    async def apply(self, conn: "Connection", schema: str, batch: Sequence[Recorded]) -> None:
        """Add a batch; what is there already is left as it is."""
        columns = zip(*map(_values, batch), strict=True)
        await conn.execute(INSERT.format(schema=schema), *columns)


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
        open_envelope(recorded.envelope).actor,
        recorded.envelope,
    )


audit_trail = AuditTrail()
