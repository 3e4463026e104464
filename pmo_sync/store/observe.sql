-- What is observed: a value that differs from the open one ends it. The change lies between the
-- last sync that saw the old value (seen_before) and now.
-- Reads: seen (entity, entity_id, field, value). Variables: source, sync_id, now, origin.

CREATE OR REPLACE TEMP TABLE differs AS
    SELECT s.*, h.entity IS NOT NULL AS known
    FROM seen AS s
    LEFT JOIN history AS h ON h.entity = s.entity AND h.entity_id = s.entity_id
        AND h.field = s.field AND h.origin = getvariable('origin') AND h.valid_to IS NULL
    -- A field of an item that never held a value has no row, as in what trackers tell of the past.
    WHERE CASE WHEN h.entity IS NULL THEN s.entity <> 'item' OR s.value IS NOT NULL
        ELSE h.value IS DISTINCT FROM s.value END;

UPDATE history AS h SET valid_to = getvariable('now')
    FROM differs AS d
    WHERE d.known AND h.entity = d.entity AND h.entity_id = d.entity_id AND h.field = d.field
    AND h.origin = getvariable('origin') AND h.valid_to IS NULL;

INSERT INTO history BY NAME
    SELECT d.* EXCLUDE (known), getvariable('now') AS valid_from,
        getvariable('origin') AS origin, CASE WHEN known THEN (
            SELECT max(started) FROM sync_run
            WHERE outcome = 'complete'
            AND (source = getvariable('source') OR getvariable('origin') = 'config')
        ) END AS seen_before, getvariable('sync_id') AS sync_id
    FROM differs AS d;
