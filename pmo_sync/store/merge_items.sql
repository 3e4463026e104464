-- Unpack the items that changed, of the file that "said" shows now: the histories of all at once would
-- fill the memory. A row of a value alone is one that was held since the item was made.
INSERT INTO work_item BY NAME
    SELECT item.*, digest FROM (
        SELECT s.item AS item, c.digest AS digest
        FROM said AS s JOIN changed AS c ON c.item_id = s.item.item_id AND c.batch = s.batch
    );
INSERT INTO history BY NAME
    SELECT 'item' AS entity, item_id AS entity_id, h[1] AS field, h[2] AS value,
        CASE WHEN len(h) = 2 THEN created ELSE h[3]::TIMESTAMPTZ END AS valid_from,
        h[4]::TIMESTAMPTZ AS valid_to, CASE WHEN len(h) = 2 THEN creator ELSE h[5] END AS actor,
        coalesce(h[6], 'changelog') AS origin, getvariable('sync_id') AS sync_id
    FROM (
        SELECT s.item.item_id AS item_id, s.item.created AS created, s.creator,
            unnest(s.history) AS h
        FROM said AS s JOIN changed AS c ON c.item_id = s.item.item_id AND c.batch = s.batch
    );
