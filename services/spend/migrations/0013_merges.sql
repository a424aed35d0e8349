-- Two suppliers of the register that are one. What was split again stays, for its stream's version.
CREATE TABLE spend.merged_supplier (
    organisation text NOT NULL,
    supplier_id text NOT NULL,
    merged_into text,
    version integer NOT NULL,
    PRIMARY KEY (organisation, supplier_id),
    CHECK (merged_into <> supplier_id)
);
CREATE INDEX ON spend.merged_supplier (organisation, merged_into);
GRANT SELECT, INSERT, UPDATE ON spend.merged_supplier TO :runtime;
