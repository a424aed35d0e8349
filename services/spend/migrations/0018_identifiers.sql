-- Numbers of every register tell who a payee is: companies, charities, societies, VAT.
ALTER TABLE spend.known_supplier ADD COLUMN numbers text[] NOT NULL DEFAULT '{}';
ALTER TABLE spend.payee ADD COLUMN numbers text[] NOT NULL DEFAULT '{}';
ALTER TABLE spend.master_record ADD COLUMN numbers text[] NOT NULL DEFAULT '{}', ADD COLUMN site_postcode text;
ALTER TABLE spend.reference ADD COLUMN numbers text[] NOT NULL DEFAULT '{}', ADD COLUMN stated_on date;
UPDATE spend.known_supplier SET numbers = ARRAY['GB-COH-' || company_number] WHERE company_number IS NOT NULL;
UPDATE spend.payee SET numbers = ARRAY['GB-COH-' || company_number] WHERE company_number IS NOT NULL;
UPDATE spend.master_record SET numbers = ARRAY['GB-COH-' || company_number] WHERE company_number IS NOT NULL;
-- Charity and VAT numbers that were stated before are taken in when master data and charities are sent again.
UPDATE spend.master_record SET content = '' WHERE kind = 'suppliers';
UPDATE spend.reference SET content = '' WHERE kind = 'charities';
ALTER TABLE spend.master_record DROP COLUMN company_number;
ALTER TABLE spend.known_supplier DROP COLUMN company_number;
ALTER TABLE spend.payee DROP COLUMN company_number;
CREATE INDEX ON spend.master_record (organisation, name_key) WHERE name_key IS NOT NULL;
CREATE INDEX ON spend.master_record (organisation, trading_key) WHERE trading_key IS NOT NULL;
CREATE INDEX ON spend.master_record USING gin (numbers);
CREATE INDEX ON spend.known_supplier USING gin (numbers);
CREATE INDEX ON spend.payee USING gin (numbers);
CREATE INDEX ON spend.reference USING gin (numbers);
-- A file's rows are looked for by hashing, all at once: to keep two indexes cost every file a twentieth of its time.
DROP INDEX spend.named_row_organisation_payment_id_idx;
DROP INDEX spend.named_row_organisation_payee_id_document_number_idx;
-- Of several rows of one supplier the day tells which payment each states otherwise.
DELETE FROM spend.read_row;
DELETE FROM spend.named_row;
ALTER TABLE spend.read_row ADD COLUMN paid_on date NOT NULL;
ALTER TABLE spend.named_row ADD COLUMN paid_on date NOT NULL;
