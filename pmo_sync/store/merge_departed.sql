-- A container that has left the scope takes its items along, however many: that was confirmed.
UPDATE presence AS p SET valid_to = getvariable('now'), reason = 'out of scope'
    FROM work_item AS w JOIN stage.departed AS d ON d.site = w.site AND d.container = w.container
    WHERE p.item_id = w.item_id AND p.source = getvariable('source') AND p.valid_to IS NULL
    AND p.item_id NOT IN (SELECT item_id FROM fresh);
