-- The tables of a snapshot: what every reader sees. Times are naive UTC, durations whole seconds.
-- Values that are ids keep the tracker's id; names are in term, person, milestone, iteration.

CREATE TABLE meta (name VARCHAR NOT NULL, value VARCHAR NOT NULL);

CREATE TABLE site (site VARCHAR NOT NULL, kind VARCHAR, url VARCHAR, title VARCHAR);

-- One row an item, as its tracker last showed it. digest: of the whole record as it was mapped.
CREATE TABLE work_item (
    item_id VARCHAR NOT NULL, site VARCHAR NOT NULL, key VARCHAR NOT NULL,
    container VARCHAR NOT NULL, type VARCHAR NOT NULL, rank INTEGER NOT NULL, title VARCHAR NOT NULL,
    status VARCHAR NOT NULL, created TIMESTAMP NOT NULL, updated TIMESTAMP NOT NULL, url VARCHAR,
    resolution VARCHAR, priority VARCHAR, reporter VARCHAR, parent VARCHAR, "start" DATE, due DATE,
    points DOUBLE, estimate BIGINT, remaining BIGINT, spent BIGINT, flagged BOOLEAN,
    restricted BOOLEAN, digest VARCHAR NOT NULL
);

-- One row for each value (or member) that a field has held; an open interval has no valid_to.
-- seen_before: for an observed change, when the old value was last seen: the change lies between.
CREATE TABLE history (
    entity VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, field VARCHAR NOT NULL, value VARCHAR,
    valid_from TIMESTAMP NOT NULL, valid_to TIMESTAMP, actor VARCHAR, origin VARCHAR NOT NULL,
    seen_before TIMESTAMP, sync_id BIGINT NOT NULL
);

-- When an item was there, by source: two sources may see the same item.
CREATE TABLE presence (
    item_id VARCHAR NOT NULL, source VARCHAR NOT NULL, valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP, reason VARCHAR
);

-- owner: the item whose payload said it; both ends may say the same link.
CREATE TABLE link (
    owner VARCHAR NOT NULL, from_id VARCHAR NOT NULL, to_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, native VARCHAR, from_key VARCHAR, to_key VARCHAR,
    valid_from TIMESTAMP, valid_to TIMESTAMP
);

CREATE TABLE milestone (
    milestone_id VARCHAR NOT NULL, site VARCHAR, container VARCHAR, name VARCHAR, state VARCHAR,
    url VARCHAR, "start" DATE, due DATE, finished DATE
);

CREATE TABLE iteration (
    iteration_id VARCHAR NOT NULL, site VARCHAR, name VARCHAR, state VARCHAR, board VARCHAR,
    "start" TIMESTAMP, "end" TIMESTAMP, completed TIMESTAMP
);

CREATE TABLE person (
    person_id VARCHAR NOT NULL, site VARCHAR, login VARCHAR, name VARCHAR, kind VARCHAR,
    active BOOLEAN, timezone VARCHAR
);

CREATE TABLE term (
    site VARCHAR NOT NULL, field VARCHAR NOT NULL, value VARCHAR NOT NULL, name VARCHAR,
    category VARCHAR, rank INTEGER
);

CREATE TABLE rejected (
    source VARCHAR NOT NULL, site VARCHAR, native_id VARCHAR, key VARCHAR, reason VARCHAR,
    sync_id BIGINT NOT NULL
);

-- One row a source a run. outcome: complete, failed.
CREATE TABLE sync_run (
    sync_id BIGINT NOT NULL, source VARCHAR NOT NULL, site VARCHAR, started TIMESTAMP NOT NULL,
    outcome VARCHAR NOT NULL, fetched BIGINT, changed BIGINT, requests BIGINT, message VARCHAR
);

-- What a connector wants to know next time; opaque to all others.
CREATE TABLE resume (
    source VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL, scope VARCHAR NOT NULL,
    state VARCHAR NOT NULL
);
