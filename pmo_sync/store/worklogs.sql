-- Time that somebody noted on an item: since version 2 of the schema. What was deleted at the
-- tracker is deleted here.
CREATE TABLE IF NOT EXISTS worklog (
    worklog_id VARCHAR NOT NULL, site VARCHAR NOT NULL, item_id VARCHAR NOT NULL, author VARCHAR,
    started TIMESTAMP NOT NULL, seconds BIGINT NOT NULL, created TIMESTAMP, updated TIMESTAMP
);
