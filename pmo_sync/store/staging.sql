-- The working file of one source's sync: records as they arrive, batch by batch, with the resume
-- state of each. Nothing here is seen by a reader; merge.sql takes it over once it is complete.

CREATE TABLE IF NOT EXISTS run (
    sync_started TIMESTAMP NOT NULL, fingerprint VARCHAR NOT NULL, full_cycle BOOLEAN NOT NULL,
    complete BOOLEAN NOT NULL
);
CREATE TABLE IF NOT EXISTS resume (batch BIGINT, scope VARCHAR NOT NULL, state VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS site (
    batch BIGINT, site VARCHAR, kind VARCHAR, url VARCHAR, title VARCHAR
);
-- How far the files with items (records.py) were written with each batch, and their longest line.
CREATE TABLE IF NOT EXISTS written (batch BIGINT, file BIGINT, size BIGINT, longest BIGINT);
CREATE TABLE IF NOT EXISTS observation (
    batch BIGINT, entity VARCHAR, entity_id VARCHAR, field VARCHAR, value VARCHAR
);
CREATE TABLE IF NOT EXISTS milestone (
    batch BIGINT, milestone_id VARCHAR, site VARCHAR, container VARCHAR, name VARCHAR,
    state VARCHAR, url VARCHAR, "start" DATE, due DATE, finished DATE
);
CREATE TABLE IF NOT EXISTS iteration (
    batch BIGINT, iteration_id VARCHAR, site VARCHAR, name VARCHAR, state VARCHAR, board VARCHAR,
    "start" TIMESTAMP, "end" TIMESTAMP, completed TIMESTAMP
);
CREATE TABLE IF NOT EXISTS person (
    batch BIGINT, person_id VARCHAR, site VARCHAR, login VARCHAR, name VARCHAR, kind VARCHAR,
    active BOOLEAN, timezone VARCHAR
);
-- Working files of before lack it.
ALTER TABLE person ADD COLUMN IF NOT EXISTS timezone VARCHAR;
CREATE TABLE IF NOT EXISTS term (
    batch BIGINT, site VARCHAR, field VARCHAR, value VARCHAR, name VARCHAR, category VARCHAR,
    rank INTEGER
);
-- A pull request as JSON: itself, its links.
CREATE TABLE IF NOT EXISTS pull_record (
    batch BIGINT, pull_id VARCHAR, pull VARCHAR, links VARCHAR
);
CREATE TABLE IF NOT EXISTS delivery (
    batch BIGINT, delivery_id VARCHAR, site VARCHAR, container VARCHAR, kind VARCHAR, name VARCHAR,
    state VARCHAR, created TIMESTAMP, delivered TIMESTAMP, environment VARCHAR, url VARCHAR,
    author VARCHAR, restricted BOOLEAN
);
CREATE TABLE IF NOT EXISTS status_update (
    batch BIGINT, update_id VARCHAR, site VARCHAR, board VARCHAR, board_title VARCHAR,
    level VARCHAR, text VARCHAR, created TIMESTAMP, author VARCHAR, "start" DATE, target DATE,
    url VARCHAR, restricted BOOLEAN
);
-- Working files of before lack it.
ALTER TABLE status_update ADD COLUMN IF NOT EXISTS restricted BOOLEAN;
CREATE TABLE IF NOT EXISTS worklog (
    batch BIGINT, worklog_id VARCHAR, site VARCHAR, item_id VARCHAR, author VARCHAR,
    started TIMESTAMP, seconds BIGINT, created TIMESTAMP, updated TIMESTAMP
);
CREATE TABLE IF NOT EXISTS removed_worklog (batch BIGINT, worklog_id VARCHAR);
CREATE TABLE IF NOT EXISTS rejected (
    batch BIGINT, site VARCHAR, native_id VARCHAR, key VARCHAR, reason VARCHAR
);
CREATE TABLE IF NOT EXISTS sweep (
    batch BIGINT, site VARCHAR, container VARCHAR, item_ids VARCHAR[]
);
CREATE TABLE IF NOT EXISTS marking (
    batch BIGINT, site VARCHAR, field VARCHAR, item_ids VARCHAR[]
);
CREATE TABLE IF NOT EXISTS departed (batch BIGINT, site VARCHAR, container VARCHAR);
