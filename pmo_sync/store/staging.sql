-- What the journal of one source's sync holds, as it is loaded to be merged (merge.py); items with
-- their histories are read from files of their own (records.py). "batch" says what is the newest.

-- Items with the digests of all that was said of each, and which fields were seen empty of them all.
CREATE TABLE stage.fresh (batch BIGINT, item_id VARCHAR[], digest VARCHAR[], empty VARCHAR[]);
CREATE TABLE stage.link (
    batch BIGINT, owner VARCHAR, link STRUCT(
        from_id VARCHAR, to_id VARCHAR, kind VARCHAR, native VARCHAR, from_key VARCHAR,
        to_key VARCHAR, valid_from TIMESTAMPTZ, valid_to TIMESTAMPTZ
    )
);
CREATE TABLE stage.resume (batch BIGINT, scope VARCHAR NOT NULL, state VARCHAR NOT NULL);

CREATE TABLE stage.site (
    batch BIGINT, site VARCHAR, kind VARCHAR, url VARCHAR, title VARCHAR
);
CREATE TABLE stage.observation (
    batch BIGINT, entity VARCHAR, entity_id VARCHAR, field VARCHAR, value VARCHAR
);
CREATE TABLE stage.milestone (
    batch BIGINT, milestone_id VARCHAR, site VARCHAR, container VARCHAR, name VARCHAR,
    state VARCHAR, url VARCHAR, "start" DATE, due DATE, finished DATE
);
CREATE TABLE stage.iteration (
    batch BIGINT, iteration_id VARCHAR, site VARCHAR, name VARCHAR, state VARCHAR, board VARCHAR,
    "start" TIMESTAMP, "end" TIMESTAMP, completed TIMESTAMP
);
CREATE TABLE stage.person (
    batch BIGINT, person_id VARCHAR, site VARCHAR, login VARCHAR, name VARCHAR, kind VARCHAR,
    active BOOLEAN, timezone VARCHAR
);
CREATE TABLE stage.term (
    batch BIGINT, site VARCHAR, field VARCHAR, value VARCHAR, name VARCHAR, category VARCHAR,
    rank INTEGER
);
-- A pull request as texts of JSON: itself, its links.
CREATE TABLE stage.pull_record (
    batch BIGINT, pull_id VARCHAR, pull VARCHAR, links VARCHAR
);
CREATE TABLE stage.delivery (
    batch BIGINT, delivery_id VARCHAR, site VARCHAR, container VARCHAR, kind VARCHAR, name VARCHAR,
    state VARCHAR, created TIMESTAMP, delivered TIMESTAMP, environment VARCHAR, url VARCHAR,
    author VARCHAR, restricted BOOLEAN
);
CREATE TABLE stage.status_update (
    batch BIGINT, update_id VARCHAR, site VARCHAR, board VARCHAR, board_title VARCHAR,
    level VARCHAR, text VARCHAR, created TIMESTAMP, author VARCHAR, "start" DATE, target DATE,
    url VARCHAR, restricted BOOLEAN
);
CREATE TABLE stage.worklog (
    batch BIGINT, worklog_id VARCHAR, site VARCHAR, item_id VARCHAR, author VARCHAR,
    started TIMESTAMP, seconds BIGINT, created TIMESTAMP, updated TIMESTAMP
);
CREATE TABLE stage.removed_worklog (batch BIGINT, worklog_id VARCHAR);
CREATE TABLE stage.rejected (
    batch BIGINT, site VARCHAR, native_id VARCHAR, key VARCHAR, reason VARCHAR
);
CREATE TABLE stage.sweep (
    batch BIGINT, site VARCHAR, container VARCHAR, item_ids VARCHAR[]
);
CREATE TABLE stage.marking (
    batch BIGINT, site VARCHAR, field VARCHAR, item_ids VARCHAR[]
);
CREATE TABLE stage.departed (batch BIGINT, site VARCHAR, container VARCHAR);
