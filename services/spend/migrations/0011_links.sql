-- Names are compared by evidence, links are proposed, and persons decide. What was kept before has no beginning: it is
-- looked at again with everything, until it is stated again.
ALTER TABLE spend.known_supplier ADD COLUMN name text, ADD COLUMN beginning text;
CREATE INDEX ON spend.known_supplier (organisation, beginning);
ALTER TABLE spend.payee ADD COLUMN beginnings text[], ADD COLUMN proposed text[] NOT NULL DEFAULT '{}';

CREATE TABLE spend.link_decision (
    organisation text NOT NULL,
    payee_id text NOT NULL,
    supplier_id text NOT NULL,
    accepted bool NOT NULL,
    PRIMARY KEY (organisation, payee_id, supplier_id)
);
CREATE UNIQUE INDEX ON spend.link_decision (organisation, payee_id) WHERE accepted;
GRANT SELECT, INSERT, UPDATE, DELETE ON spend.link_decision TO :runtime;
