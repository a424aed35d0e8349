-- Which of a receipt's payments were new; of earlier receipts that added anything it is not known any more, and all count as new.
ALTER TABLE spend.receipt ADD COLUMN new_ids text[];
UPDATE spend.receipt SET new_ids = CASE WHEN append_id IS NULL THEN '{}' ELSE payment_ids END;
ALTER TABLE spend.receipt ALTER COLUMN new_ids SET NOT NULL;
