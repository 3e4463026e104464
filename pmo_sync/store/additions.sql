-- What stores of before lack: made in each new one and, with the next sync, in those.

-- Where somebody works: an IANA time zone, as their tracker says it.
ALTER TABLE person ADD COLUMN IF NOT EXISTS timezone VARCHAR;

-- Time that somebody noted on an item; one that was deleted at the tracker is deleted here.
CREATE TABLE IF NOT EXISTS worklog (
    worklog_id VARCHAR NOT NULL, site VARCHAR NOT NULL, item_id VARCHAR NOT NULL, author VARCHAR,
    started TIMESTAMP NOT NULL, seconds BIGINT NOT NULL, created TIMESTAMP, updated TIMESTAMP
);
