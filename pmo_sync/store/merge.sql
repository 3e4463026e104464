-- After the items: who is there and who has left, what names things, what was observed, and where the
-- connector goes on.

-- Presence: what came is there; what a sweep of its container did not find has left.
INSERT INTO presence BY NAME
    SELECT f.item_id, getvariable('source') AS source,
        CASE WHEN f.item_id IN (SELECT item_id FROM presence WHERE source = getvariable('source'))
            THEN getvariable('now') ELSE w.created END AS valid_from
    FROM fresh AS f JOIN work_item AS w ON w.item_id = f.item_id
    WHERE f.item_id NOT IN (
        SELECT item_id FROM presence WHERE source = getvariable('source') AND valid_to IS NULL
    );

CREATE OR REPLACE TEMP TABLE swept AS
    SELECT site, container, max(batch) AS batch FROM stage.sweep GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE found AS
    SELECT unnest(m.item_ids) AS item_id FROM stage.sweep AS m
    JOIN swept AS s ON s.site = m.site AND s.container = m.container AND s.batch = m.batch;

-- What came back as it was is not read again: that a sweep finds it is enough.
INSERT INTO presence BY NAME
    SELECT DISTINCT f.item_id, getvariable('source') AS source, getvariable('now') AS valid_from
    FROM found AS f
    SEMI JOIN presence AS p ON p.item_id = f.item_id AND p.source = getvariable('source')
    WHERE f.item_id NOT IN (
        SELECT item_id FROM presence WHERE source = getvariable('source') AND valid_to IS NULL
    );

CREATE OR REPLACE TEMP TABLE missing AS
    SELECT p.item_id FROM presence AS p ANTI JOIN found AS f ON f.item_id = p.item_id
    WHERE p.source = getvariable('source') AND p.valid_to IS NULL;
CREATE OR REPLACE TEMP TABLE gone AS
    SELECT m.item_id, w.site, w.container
    FROM missing AS m JOIN work_item AS w ON w.item_id = m.item_id
    JOIN swept AS s ON s.site = w.site AND s.container = w.container;

UPDATE presence AS p SET valid_to = getvariable('now'),
    reason = CASE WHEN getvariable('anew') THEN 'out of scope' ELSE 'gone' END
    FROM gone AS g
    WHERE p.item_id = g.item_id AND p.source = getvariable('source') AND p.valid_to IS NULL;

-- A source that asks for something else than last time has read all of its scope: what it did not
-- read is no longer asked for.
UPDATE presence AS p SET valid_to = getvariable('now'), reason = 'out of scope'
    WHERE p.source = getvariable('source') AND p.valid_to IS NULL
    AND p.item_id NOT IN (SELECT item_id FROM fresh) AND getvariable('anew');

-- What names things: the newest word of the site.
DELETE FROM site WHERE site IN (SELECT site FROM stage.site);
INSERT INTO site BY NAME SELECT DISTINCT ON (site) * EXCLUDE (batch)
    FROM stage.site ORDER BY site, batch DESC;
DELETE FROM person WHERE person_id IN (SELECT person_id FROM stage.person);
INSERT INTO person BY NAME SELECT DISTINCT ON (person_id) * EXCLUDE (batch)
    FROM stage.person ORDER BY person_id, batch DESC;
DELETE FROM milestone WHERE milestone_id IN (SELECT milestone_id FROM stage.milestone);
INSERT INTO milestone BY NAME SELECT DISTINCT ON (milestone_id) * EXCLUDE (batch)
    FROM stage.milestone ORDER BY milestone_id, batch DESC;
DELETE FROM iteration WHERE iteration_id IN (SELECT iteration_id FROM stage.iteration);
INSERT INTO iteration BY NAME SELECT DISTINCT ON (iteration_id) * EXCLUDE (batch)
    FROM stage.iteration ORDER BY iteration_id, batch DESC;
-- A word with a category comes from the site's own table; one without was only seen in passing.
CREATE OR REPLACE TEMP TABLE word AS
    SELECT DISTINCT ON (site, field, value) * EXCLUDE (batch)
    FROM stage.term ORDER BY site, field, value, (category IS NULL AND rank IS NULL), batch DESC;
DELETE FROM word WHERE category IS NULL AND rank IS NULL AND EXISTS (
    SELECT 1 FROM term AS t
    WHERE t.site = word.site AND t.field = word.field AND t.value = word.value
);
DELETE FROM term WHERE EXISTS (
    SELECT 1 FROM word AS w
    WHERE w.site = term.site AND w.field = term.field AND w.value = term.value
);
INSERT INTO term BY NAME SELECT * FROM word;

-- The newest of what was observed, for observe.sql. That a field of an item is empty says something
-- only where it had a value.
CREATE OR REPLACE TEMP TABLE valued AS
    SELECT entity_id, field FROM stage.observation WHERE entity = 'item' AND value IS NOT NULL
    UNION
    SELECT entity_id, field FROM history
    WHERE entity = 'item' AND origin = 'observed' AND valid_to IS NULL AND value IS NOT NULL
    AND entity_id IN (SELECT item_id FROM fresh);
CREATE OR REPLACE TEMP TABLE seen AS
    SELECT DISTINCT ON (entity, entity_id, field) * EXCLUDE (batch) FROM (
        SELECT * FROM stage.observation
        UNION ALL BY NAME
        SELECT e.batch, 'item' AS entity, v.entity_id, v.field, NULL AS value
        FROM (SELECT batch, unnest(item_id) AS item_id, empty FROM stage.fresh) AS e
        JOIN valued AS v ON v.entity_id = e.item_id AND list_contains(e.empty, v.field)
    ) ORDER BY entity, entity_id, field, batch DESC;

-- What could not be mapped: replaced when the item came again; forgotten where a sweep of its
-- container (its key without the number) does not find it, or where all was read and it did not
-- come; kept otherwise.
CREATE OR REPLACE TEMP TABLE refused AS
    SELECT DISTINCT ON (site, native_id) * EXCLUDE (batch)
    FROM stage.rejected ORDER BY site, native_id, batch DESC;
DELETE FROM rejected AS r WHERE r.source = getvariable('source') AND (
    r.site || '#' || r.native_id IN (SELECT item_id FROM fresh)
    OR r.native_id IN (SELECT native_id FROM refused AS n WHERE n.site = r.site
        AND (n.key, n.reason) IS DISTINCT FROM (r.key, r.reason))
    OR (
        (r.site, regexp_replace(r.key, '[-#][0-9]+$', '')) IN (SELECT (site, container) FROM swept)
        AND r.site || '#' || r.native_id NOT IN (SELECT item_id FROM found)
    )
    OR (
        (getvariable('anew') OR getvariable('everything'))
        AND NOT EXISTS (
            SELECT 1 FROM refused AS n WHERE n.site = r.site AND n.native_id = r.native_id
        )
    )
);
INSERT INTO rejected BY NAME
    SELECT n.*, getvariable('source') AS source, getvariable('sync_id') AS sync_id
    FROM refused AS n
    WHERE n.site || '#' || n.native_id NOT IN (SELECT item_id FROM fresh)
    AND NOT EXISTS (
        SELECT 1 FROM rejected AS r WHERE r.source = getvariable('source')
        AND r.site = n.site AND r.native_id = n.native_id
    );

-- Where the connector goes on next time.
CREATE OR REPLACE TEMP TABLE place AS
    SELECT scope, max_by(state, batch) AS state FROM stage.resume GROUP BY scope;
DELETE FROM resume WHERE source = getvariable('source') AND (
    fingerprint <> getvariable('fingerprint') OR scope IN (SELECT scope FROM place)
);
INSERT INTO resume BY NAME
    SELECT getvariable('source') AS source, getvariable('fingerprint') AS fingerprint, scope, state
    FROM place;
