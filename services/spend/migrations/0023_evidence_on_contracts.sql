-- What else tells on which of several contracts a payment is, or that it is on none of them: the name and title under which
-- the register has each, its annual value, and the account on which the payment is booked. Contracts told of before are
-- read again; of payments recorded before, the account is not known, and tells nothing.
ALTER TABLE spend.known_contract
    ADD COLUMN supplier_name text, ADD COLUMN title text, ADD COLUMN annual_pence bigint;
ALTER TABLE spend.payment ADD COLUMN purpose text;
