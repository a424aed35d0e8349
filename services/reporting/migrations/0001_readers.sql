-- The gateway reads what stands in `live` (granted view by view as builds are switched), and whether
-- anything is parked; never a parked record's content.
GRANT USAGE ON SCHEMA projection TO gateway_reader;
GRANT SELECT ON projection.generation, projection.position TO gateway_reader;
GRANT SELECT (name, generation, topic, stream, service, organisation, type, reason, parked_at)
    ON projection.parked TO gateway_reader;
