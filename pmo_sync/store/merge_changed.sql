-- Begin to take one complete sync (its journal loaded as "stage", see staging.sql) over into the snapshot that
-- is being made. Variables: source, sync_id, now (naive UTC), fingerprint, everything (whether all was asked
-- for), origin, anew (whether the source asks for something else than at its last complete sync),
-- link_shape and pull_shape (how these are unpacked).
-- Only records whose digest differs are written, so a sync with nothing new adds its run alone.

CREATE OR REPLACE TEMP TABLE fresh AS
    SELECT item_id, max(batch) AS batch, max_by(digest, batch) AS digest
    FROM (SELECT batch, unnest(item_id) AS item_id, unnest(digest) AS digest FROM stage.fresh)
    GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE changed AS
    SELECT f.item_id, f.batch FROM fresh AS f LEFT JOIN work_item AS w ON w.item_id = f.item_id
    WHERE w.digest IS DISTINCT FROM f.digest;

-- What came anew of items (merge_items.sql) takes the place of what was said before.
DELETE FROM work_item WHERE item_id IN (SELECT item_id FROM changed);
DELETE FROM history
    WHERE entity = 'item' AND origin IN ('changelog', 'migration', 'corrected')
    AND entity_id IN (SELECT item_id FROM changed);

-- Whom we had seen before: a link of theirs that is new began after that (merge_links.sql).
CREATE OR REPLACE TEMP TABLE sighted AS
    SELECT item_id FROM changed WHERE item_id IN (SELECT item_id FROM presence);
