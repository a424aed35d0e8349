-- The contracts that were considered are part of an answer: when they change, it is given again.
ALTER TABLE spend.payment ADD COLUMN candidates text[] NOT NULL DEFAULT '{}';
