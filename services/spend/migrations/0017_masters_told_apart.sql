-- A supplier of the ledger's master data says whose company number a name is.
ALTER TABLE spend.master_record ADD COLUMN name_key text, ADD COLUMN trading_key text, ADD COLUMN company_number text,
    ADD COLUMN postcode text;
CREATE INDEX ON spend.master_record (organisation, name_key) WHERE company_number IS NOT NULL;
CREATE INDEX ON spend.master_record (organisation, trading_key) WHERE company_number IS NOT NULL;
