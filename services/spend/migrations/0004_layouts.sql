-- What a person said of a publisher's columns, for files with the same ones.
CREATE TABLE spend.layout (
    organisation text NOT NULL,
    layout_id text NOT NULL,
    columns jsonb NOT NULL,
    version int NOT NULL,
    PRIMARY KEY (organisation, layout_id)
);
GRANT SELECT, INSERT, UPDATE ON spend.layout TO :runtime;
