-- A service's own event log. Nobody but the migration role owns it; the service may insert and read.
CREATE SCHEMA eventlog;

CREATE TABLE eventlog.log (
    log_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation text NOT NULL UNIQUE CHECK (organisation <> '')
);

CREATE SEQUENCE eventlog.append_id;

-- The primary key follows the order of insertion; the other index is the expected-version check.
CREATE TABLE eventlog.event (
    append_id bigint NOT NULL,
    ordinal int NOT NULL,
    log_id int NOT NULL,
    stream text NOT NULL,
    version int NOT NULL CHECK (version > 0),
    envelope bytea NOT NULL CHECK (octet_length(envelope) BETWEEN 2 AND 65535),
    PRIMARY KEY (append_id, ordinal),
    CONSTRAINT stream_version UNIQUE (log_id, stream, version)
);
ALTER TABLE eventlog.event ALTER COLUMN envelope SET STORAGE EXTERNAL;

-- One entry per append, taken away by the sequencer.
CREATE TABLE eventlog.pending (
    append_id bigint PRIMARY KEY,
    log_id int NOT NULL,
    events int NOT NULL CHECK (events > 0),
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- The log: one row per append, gapless. An event's index is first_index + ordinal.
CREATE TABLE eventlog.run (
    seq bigint PRIMARY KEY,
    log_id int NOT NULL,
    first_index bigint NOT NULL,
    append_id bigint NOT NULL UNIQUE,
    events int NOT NULL,
    UNIQUE (log_id, first_index)
);

CREATE TABLE eventlog.head (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    next_seq bigint NOT NULL
);
INSERT INTO eventlog.head VALUES (true, 1);

CREATE TABLE eventlog.tree (
    log_id int PRIMARY KEY,
    size bigint NOT NULL,
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    edge bytea[] NOT NULL
);

CREATE TABLE eventlog.tile (
    log_id int NOT NULL,
    level smallint NOT NULL,
    number bigint NOT NULL,
    hashes bytea NOT NULL,
    PRIMARY KEY (log_id, level, number)
);
ALTER TABLE eventlog.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- How far each partition of the service's topic has been acknowledged by the broker.
CREATE TABLE eventlog.relay (
    partition int PRIMARY KEY,
    relay_number bigint NOT NULL,
    seq bigint NOT NULL,
    ordinal int NOT NULL
);

GRANT USAGE ON SCHEMA eventlog TO :runtime;
GRANT USAGE ON SEQUENCE eventlog.append_id TO :runtime;
GRANT SELECT, INSERT ON eventlog.log, eventlog.event, eventlog.run TO :runtime;
GRANT SELECT, INSERT, DELETE ON eventlog.pending TO :runtime;
GRANT SELECT, INSERT, UPDATE ON eventlog.tree, eventlog.tile, eventlog.relay TO :runtime;
GRANT SELECT, UPDATE ON eventlog.head TO :runtime;
