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
CREATE TABLE IF NOT EXISTS work_item (
    batch BIGINT, item_id VARCHAR, site VARCHAR, key VARCHAR, container VARCHAR, type VARCHAR,
    rank INTEGER, title VARCHAR, status VARCHAR, created TIMESTAMP, updated TIMESTAMP, url VARCHAR,
    resolution VARCHAR, priority VARCHAR, reporter VARCHAR, parent VARCHAR, "start" DATE, due DATE,
    points DOUBLE, estimate BIGINT, remaining BIGINT, spent BIGINT, flagged BOOLEAN,
    restricted BOOLEAN, digest VARCHAR
);
CREATE TABLE IF NOT EXISTS history (
    batch BIGINT, entity VARCHAR, entity_id VARCHAR, field VARCHAR, value VARCHAR,
    valid_from TIMESTAMP, valid_to TIMESTAMP, actor VARCHAR, origin VARCHAR
);
CREATE TABLE IF NOT EXISTS observation (
    batch BIGINT, entity VARCHAR, entity_id VARCHAR, field VARCHAR, value VARCHAR
);
CREATE TABLE IF NOT EXISTS link (
    batch BIGINT, owner VARCHAR, from_id VARCHAR, to_id VARCHAR, kind VARCHAR, native VARCHAR,
    from_key VARCHAR, to_key VARCHAR, valid_from TIMESTAMP, valid_to TIMESTAMP
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
    active BOOLEAN
);
CREATE TABLE IF NOT EXISTS term (
    batch BIGINT, site VARCHAR, field VARCHAR, value VARCHAR, name VARCHAR, category VARCHAR,
    rank INTEGER
);
CREATE TABLE IF NOT EXISTS pull_request (
    batch BIGINT, pull_id VARCHAR, site VARCHAR, key VARCHAR, container VARCHAR, title VARCHAR,
    state VARCHAR, url VARCHAR, created TIMESTAMP, updated TIMESTAMP, draft BOOLEAN,
    merged TIMESTAMP, closed TIMESTAMP, author VARCHAR, restricted BOOLEAN
);
CREATE TABLE IF NOT EXISTS delivery (
    batch BIGINT, delivery_id VARCHAR, site VARCHAR, container VARCHAR, kind VARCHAR, name VARCHAR,
    state VARCHAR, created TIMESTAMP, delivered TIMESTAMP, environment VARCHAR, url VARCHAR,
    author VARCHAR, restricted BOOLEAN
);
CREATE TABLE IF NOT EXISTS status_update (
    batch BIGINT, update_id VARCHAR, site VARCHAR, board VARCHAR, board_title VARCHAR,
    level VARCHAR, text VARCHAR, created TIMESTAMP, author VARCHAR, "start" DATE, target DATE,
    url VARCHAR
);
CREATE TABLE IF NOT EXISTS rejected (
    batch BIGINT, site VARCHAR, native_id VARCHAR, key VARCHAR, reason VARCHAR
);
CREATE TABLE IF NOT EXISTS sweep (batch BIGINT, site VARCHAR, container VARCHAR);
CREATE TABLE IF NOT EXISTS sweep_member (
    batch BIGINT, site VARCHAR, container VARCHAR, item_id VARCHAR
);
CREATE TABLE IF NOT EXISTS departed (batch BIGINT, site VARCHAR, container VARCHAR);
