-- A contract and its extensions are one agreement.
ALTER TABLE spend.known_contract ADD COLUMN extends text;
