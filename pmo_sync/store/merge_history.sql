-- Take over the histories that "past" shows (merge.py). What has no time was held since the item was
-- made. Times lose their zones as those of items do.
INSERT INTO history BY NAME
    SELECT 'item' AS entity, item_id AS entity_id, field, value,
        make_timestamp(epoch_us(coalesce(since, created))) AS valid_from,
        make_timestamp(epoch_us(until)) AS valid_to,
        CASE WHEN since IS NULL THEN creator ELSE actor END AS actor,
        coalesce(origin, 'changelog') AS origin, getvariable('sync_id') AS sync_id
    FROM (
        SELECT item_id, created, creator, unnest(field) AS field, unnest(value) AS value,
            unnest(since) AS since, unnest(until) AS until, unnest(actor) AS actor,
            unnest(origin) AS origin
        FROM past
    );
