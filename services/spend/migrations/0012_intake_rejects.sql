-- What came over Kafka and was refused: the ledger of rejects. What was sent is not kept here, only where it stands.
CREATE TABLE spend.intake_reject (
    reject_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition int NOT NULL,
    record_offset bigint NOT NULL,
    digest bytea NOT NULL,
    organisation text,
    idempotency_key text,
    error jsonb NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (partition, record_offset, digest)
);
GRANT SELECT, INSERT ON spend.intake_reject TO :runtime;
