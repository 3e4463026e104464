-- What was agreed to: since version 2 of the schema.

-- One row a project; nothing is ever changed or deleted. action: set, removed (of
-- the same number). day: the day that it is of; made: when somebody set it.
CREATE TABLE IF NOT EXISTS baseline (
    baseline BIGINT NOT NULL, action VARCHAR NOT NULL, name VARCHAR NOT NULL,
    project VARCHAR NOT NULL, day DATE NOT NULL, target DATE, items BIGINT NOT NULL,
    points DOUBLE, made TIMESTAMP NOT NULL, actor VARCHAR, reason VARCHAR
);

-- The items that were in a baseline's scope, with their points then.
CREATE TABLE IF NOT EXISTS baseline_item (
    baseline BIGINT NOT NULL, item_id VARCHAR NOT NULL, points DOUBLE
);
