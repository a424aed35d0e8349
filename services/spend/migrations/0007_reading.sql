-- While a file is being recorded: its rows, and which of them are on the record. They go with the transaction that
-- wrote them, so that nothing of them need outlive a crash.
CREATE UNLOGGED TABLE spend.read_row (
    organisation text NOT NULL,
    place int NOT NULL,
    digest bytea NOT NULL,
    payee_id text NOT NULL,
    document_number text,
    net_pence bigint NOT NULL
);
CREATE UNLOGGED TABLE spend.named_row (
    organisation text NOT NULL,
    place int NOT NULL,
    content_id text NOT NULL,
    payee_id text NOT NULL,
    document_number text,
    net_pence bigint NOT NULL,
    payment_id text,
    corrects text,
    PRIMARY KEY (organisation, place)
);
GRANT SELECT, INSERT, DELETE ON spend.read_row TO :runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON spend.named_row TO :runtime;
-- A large file is appended in several parts, all in one transaction; how it was read helps to read its mended rows.
ALTER TABLE spend.source_file ADD COLUMN last_append_id bigint, ADD COLUMN layout jsonb;
