-- What registers of companies, charities and postcodes say of suppliers and payees that are known here.
ALTER TABLE spend.known_supplier ADD COLUMN postcode text;
CREATE TABLE spend.reference (
    organisation text NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    content bytea NOT NULL,
    postcode text,
    version integer NOT NULL,
    PRIMARY KEY (organisation, kind, code)
);
GRANT SELECT, INSERT, UPDATE ON spend.reference TO :runtime;
