-- What spend must remember to decide: its own payments in short, and what contracts said.
CREATE SCHEMA spend;

CREATE TABLE spend.source_file (
    organisation text NOT NULL,
    file_id text NOT NULL,
    append_id bigint NOT NULL,
    report jsonb NOT NULL,
    PRIMARY KEY (organisation, file_id)
);

CREATE TABLE spend.payment (
    organisation text NOT NULL,
    payment_id text NOT NULL,
    payee_id text NOT NULL,
    period text NOT NULL,
    paid_on date NOT NULL,
    document_number text,
    contract_reference text,
    net_pence bigint NOT NULL,
    scope text NOT NULL,
    answer text,
    contract_id text,
    supplier_id text,
    version int NOT NULL,
    PRIMARY KEY (organisation, payment_id)
);
CREATE INDEX ON spend.payment (organisation, payee_id);
CREATE INDEX ON spend.payment (organisation, document_number);

CREATE TABLE spend.payee (
    organisation text NOT NULL,
    payee_id text NOT NULL,
    supplier_name text NOT NULL,
    normalised_name text NOT NULL,
    company_number text,
    supplier_id text,
    version int NOT NULL DEFAULT 0,
    PRIMARY KEY (organisation, payee_id)
);
CREATE INDEX ON spend.payee (organisation, normalised_name);
CREATE INDEX ON spend.payee (organisation, company_number);

CREATE TABLE spend.receipt (
    organisation text NOT NULL,
    idempotency_key text NOT NULL,
    receipt_id uuid NOT NULL UNIQUE,
    body_digest bytea NOT NULL,
    append_id bigint,
    payment_ids text[] NOT NULL,
    PRIMARY KEY (organisation, idempotency_key)
);

CREATE TABLE spend.known_contract (
    organisation text NOT NULL,
    contract_id text NOT NULL,
    supplier_id text,
    reference text,
    starts_on date,
    ends_on date,
    log_index bigint NOT NULL,
    PRIMARY KEY (organisation, contract_id)
);
CREATE INDEX ON spend.known_contract (organisation, supplier_id);

CREATE TABLE spend.known_supplier (
    organisation text NOT NULL,
    supplier_id text NOT NULL,
    normalised_name text NOT NULL,
    company_number text,
    PRIMARY KEY (organisation, supplier_id, normalised_name)
);
CREATE INDEX ON spend.known_supplier (organisation, normalised_name);

GRANT USAGE ON SCHEMA spend TO :runtime;
GRANT SELECT, INSERT ON spend.source_file, spend.receipt TO :runtime;
GRANT SELECT, INSERT, UPDATE ON spend.payment, spend.payee, spend.known_contract, spend.known_supplier TO :runtime;
