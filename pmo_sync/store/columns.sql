-- Columns that tables have since version 2 of the schema.

-- Where somebody works: an IANA time zone, as their tracker says it.
ALTER TABLE person ADD COLUMN IF NOT EXISTS timezone VARCHAR;
ALTER TABLE status_update ADD COLUMN IF NOT EXISTS restricted BOOLEAN;
