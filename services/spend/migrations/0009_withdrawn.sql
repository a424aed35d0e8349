-- A payment that was voided or cancelled counts no more; what it says stays. Orders and pay runs are looked up.
ALTER TABLE spend.payment
    ADD COLUMN withdrawn text, ADD COLUMN withdrawn_on date, ADD COLUMN withdrawn_reason text,
    ADD COLUMN purchase_order text, ADD COLUMN pay_run text;
CREATE INDEX ON spend.payment (organisation, purchase_order) WHERE purchase_order IS NOT NULL;
CREATE INDEX ON spend.payment (organisation, pay_run) WHERE pay_run IS NOT NULL;
