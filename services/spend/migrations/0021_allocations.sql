-- The shares of payments that persons gave to contracts, as they stand.
CREATE TABLE spend.allocation (
    organisation text NOT NULL,
    payment_id text NOT NULL,
    contract_id text NOT NULL,
    share_pence bigint NOT NULL,
    of_pence bigint NOT NULL,
    PRIMARY KEY (organisation, payment_id, contract_id)
);
GRANT SELECT, INSERT, DELETE ON spend.allocation TO :runtime;
