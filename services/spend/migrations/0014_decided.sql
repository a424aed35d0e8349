-- What persons decided of a payment against the rules: null where nothing stands.
ALTER TABLE spend.payment ADD COLUMN scope_decided text, ADD COLUMN category_decided text;
