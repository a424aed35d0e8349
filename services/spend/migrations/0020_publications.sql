-- Which editions of which quarters were published.
CREATE TABLE spend.publication (
    organisation text NOT NULL,
    quarter text NOT NULL,
    edition integer NOT NULL,
    digests text[] NOT NULL,
    PRIMARY KEY (organisation, quarter, edition)
);
GRANT SELECT, INSERT ON spend.publication TO :runtime;
