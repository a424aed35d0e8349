-- Purchase orders and suppliers of the ledger's master data, as stated last; and by which order a payment was judged.
CREATE TABLE spend.master_record (
    organisation text NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    contract_reference text,
    content bytea NOT NULL,
    version int NOT NULL,
    PRIMARY KEY (organisation, kind, code)
);
CREATE INDEX ON spend.master_record (organisation, contract_reference) WHERE contract_reference IS NOT NULL;
CREATE INDEX ON spend.known_contract (organisation, reference);
ALTER TABLE spend.payment ADD COLUMN judged_by_order text;
ALTER TABLE spend.receipt ADD COLUMN kind text NOT NULL DEFAULT 'payments';

GRANT SELECT, INSERT, UPDATE ON spend.master_record TO :runtime;
