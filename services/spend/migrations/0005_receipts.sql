-- Which of a receipt's payments were new; of earlier receipts that is not known any more, and all count as new.
ALTER TABLE spend.receipt ADD COLUMN new_ids text[];
UPDATE spend.receipt SET new_ids = payment_ids;
ALTER TABLE spend.receipt ALTER COLUMN new_ids SET NOT NULL;
