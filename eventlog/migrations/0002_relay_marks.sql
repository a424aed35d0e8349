-- How many events each partition had when the relay stood at a place of the service's order:
-- whoever looks for the n-th event of a partition begins at the mark before it.
CREATE TABLE eventlog.relay_mark (
    seq bigint NOT NULL,
    ordinal int NOT NULL,
    numbers bigint[] NOT NULL,
    PRIMARY KEY (seq, ordinal)
);
GRANT SELECT, INSERT ON eventlog.relay_mark TO :runtime;
