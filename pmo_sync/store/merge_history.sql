-- Unpack a part of the histories of what changed: all at once they would fill the memory.
INSERT INTO history BY NAME
    SELECT h[1] AS entity, h[2] AS entity_id, h[3] AS field, h[4] AS value, h[5]::TIMESTAMPTZ AS valid_from,
        h[6]::TIMESTAMPTZ AS valid_to, h[7] AS actor, h[8] AS origin, getvariable('sync_id') AS sync_id
    FROM (
        SELECT unnest(from_json_strict(s.history, '[["VARCHAR"]]')) AS h
        FROM stage.record AS s JOIN changed AS c ON c.item_id = s.item_id AND c.batch = s.batch
        WHERE c.part = $part AND s.batch BETWEEN $first AND $last
    );
