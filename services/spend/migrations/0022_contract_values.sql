-- A payment that alone is more than a contract is worth is not on it for certain. Of contracts told of before, the value
-- is not known until they are restated: they may be worth anything.
ALTER TABLE spend.known_contract ADD COLUMN value_pence bigint;
