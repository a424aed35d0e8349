-- A body that is read as a stream is appended in parts, all in one transaction.
ALTER TABLE spend.receipt ADD COLUMN append_ids bigint[];
UPDATE spend.receipt SET append_ids = CASE WHEN append_id IS NULL THEN '{}' ELSE ARRAY[append_id] END;
ALTER TABLE spend.receipt ALTER COLUMN append_ids SET NOT NULL, DROP COLUMN append_id;
