-- What persons said last of findings, and who explained: another person settles.
CREATE TABLE spend.finding (
    organisation text NOT NULL,
    finding_id text NOT NULL,
    answer text,
    explained_by text,
    version integer NOT NULL,
    PRIMARY KEY (organisation, finding_id)
);
GRANT SELECT, INSERT, UPDATE ON spend.finding TO :runtime;
