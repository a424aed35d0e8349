-- A payment keeps its identity when its publisher states it otherwise; the corrected row is known by its own content.
-- Of payments that were recorded before, the file is not kept here: they are not corrected by a later one.
ALTER TABLE spend.payment ADD COLUMN file_id text, ADD COLUMN line int;
CREATE INDEX ON spend.payment (organisation, period);

CREATE TABLE spend.corrected_content (
    organisation text NOT NULL,
    content_id text NOT NULL,
    payment_id text NOT NULL,
    PRIMARY KEY (organisation, content_id)
);
GRANT SELECT, INSERT ON spend.corrected_content TO :runtime;
