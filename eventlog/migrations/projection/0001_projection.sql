-- What a process that keeps read models writes down about them. Generation N of read model X lives
-- in schema X_N, made and owned by the runtime role; the views in `live` show the generation in use.
CREATE SCHEMA IF NOT EXISTS projection;

CREATE TABLE IF NOT EXISTS projection.generation (
    name text NOT NULL,
    generation int NOT NULL,
    version int NOT NULL,
    state text NOT NULL CHECK (state IN ('building', 'live', 'old')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    switched_at timestamptz,
    PRIMARY KEY (name, generation)
);
CREATE UNIQUE INDEX IF NOT EXISTS one_live ON projection.generation (name) WHERE state = 'live';
CREATE UNIQUE INDEX IF NOT EXISTS one_building ON projection.generation (name) WHERE state = 'building';

-- Written in the same transaction as the rows of the read model.
CREATE TABLE IF NOT EXISTS projection.position (
    name text NOT NULL,
    generation int NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    topic_id text NOT NULL,
    next_offset bigint NOT NULL,
    relay_number bigint NOT NULL,
    applied_at timestamptz,
    PRIMARY KEY (name, generation, topic, partition)
) WITH (fillfactor = 50);

-- Records set aside: one that could not be read or applied, and all later ones of its stream.
CREATE TABLE IF NOT EXISTS projection.parked (
    parked_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    generation int NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    record_offset bigint,
    relay_number bigint,
    stream text NOT NULL,
    service text NOT NULL,
    organisation text NOT NULL,
    log_index bigint,
    type text NOT NULL,
    reason text NOT NULL,
    value bytea NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts int NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS parked_stream ON projection.parked (name, generation, topic, stream, parked_id);

GRANT USAGE ON SCHEMA projection TO :runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA projection TO :runtime;
DO $$ BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), ':runtime');
END $$;
