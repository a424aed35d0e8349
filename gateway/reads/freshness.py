"""How fresh are the answers about an organisation?"""

from gateway.reads.event_shapes import Event
from gateway.reads.sql import Database

_NEWEST = """
    SELECT e.organisation, e.service, e.log_index, e.event_id, e.type, e.stream, e.version,
           e.happened_at, e.recorded_at
    FROM unnest(ARRAY['contracts', 'spend', 'social_value']) AS log(service)
    CROSS JOIN LATERAL (
        SELECT * FROM live.event e WHERE e.organisation = $1 AND e.service = log.service
        ORDER BY e.log_index DESC LIMIT 1) e
    ORDER BY e.service
"""


async def newest_events(db: Database, organisation: str) -> list[Event]:
    """The last event of each of an organisation's logs that has reached the read models."""
    return [Event(**row) for row in await db.fetch(_NEWEST, organisation)]
