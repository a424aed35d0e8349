-- Payees whom a person withholds from everybody outside the organisation.
ALTER TABLE spend.payee ADD COLUMN kept_back boolean NOT NULL DEFAULT false;
