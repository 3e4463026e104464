-- What is known beside work items: since version 2 of the schema.

-- A change to the code: evidence of progress on what its links say that it closes.
CREATE TABLE IF NOT EXISTS pull_request (
    pull_id VARCHAR NOT NULL, site VARCHAR NOT NULL, key VARCHAR, container VARCHAR, title VARCHAR,
    state VARCHAR, url VARCHAR, created TIMESTAMP, updated TIMESTAMP, draft BOOLEAN,
    merged TIMESTAMP, closed TIMESTAMP, author VARCHAR, restricted BOOLEAN
);

-- A release, or a deployment to an environment. delivered: when it was out.
CREATE TABLE IF NOT EXISTS delivery (
    delivery_id VARCHAR NOT NULL, site VARCHAR NOT NULL, container VARCHAR, kind VARCHAR,
    name VARCHAR, state VARCHAR, created TIMESTAMP, delivered TIMESTAMP, environment VARCHAR,
    url VARCHAR, author VARCHAR, restricted BOOLEAN
);

-- What somebody declared of a whole board; level: on_track, at_risk, off_track, complete, inactive.
CREATE TABLE IF NOT EXISTS status_update (
    update_id VARCHAR NOT NULL, site VARCHAR NOT NULL, board VARCHAR, board_title VARCHAR,
    level VARCHAR, text VARCHAR, created TIMESTAMP, author VARCHAR, "start" DATE, target DATE,
    url VARCHAR, restricted BOOLEAN
);
