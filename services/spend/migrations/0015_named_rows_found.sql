-- A file's rows are looked for by the payments that they repeat and by whom they name; without statistics, which rows of
-- an open transaction do not have, the planner would read all of them for each.
CREATE INDEX ON spend.named_row (organisation, payment_id);
CREATE INDEX ON spend.named_row (organisation, payee_id, document_number) WHERE payment_id IS NULL;
