-- What a source's own query finds is observed, from sync to sync; so is what it finds no more.
-- After merge.sql, before observe.sql: adds to seen.

CREATE OR REPLACE TEMP TABLE asked AS
    SELECT site, field, max(batch) AS batch FROM stage.marking GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE marked AS
    SELECT DISTINCT m.field, unnest(m.item_ids) AS item_id FROM stage.marking AS m
    JOIN asked AS a ON a.site = m.site AND a.field = m.field AND a.batch = m.batch;

INSERT INTO seen BY NAME
    SELECT 'item' AS entity, item_id AS entity_id, field, 'true' AS value FROM marked
    UNION ALL BY NAME
    SELECT h.entity, h.entity_id, h.field, NULL AS value
    FROM history AS h JOIN asked AS a ON a.field = h.field
    WHERE h.entity = 'item' AND h.origin = 'observed' AND h.valid_to IS NULL AND h.value = 'true'
    AND h.entity_id IN (SELECT item_id FROM presence WHERE source = getvariable('source'))
    AND NOT EXISTS (
        SELECT 1 FROM marked AS m WHERE m.field = h.field AND m.item_id = h.entity_id
    );
