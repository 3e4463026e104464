-- Take over what is known beside work items: what was delivered, and declared of boards.

DELETE FROM delivery WHERE delivery_id IN (SELECT delivery_id FROM stage.delivery);
INSERT INTO delivery BY NAME SELECT DISTINCT ON (delivery_id) * EXCLUDE (batch)
    FROM stage.delivery ORDER BY delivery_id, batch DESC;

-- The newest of a board were read: what is as new and not among them was withdrawn.
DELETE FROM status_update AS u WHERE EXISTS (
    SELECT 1 FROM (
        SELECT site, board, min(created) AS oldest FROM stage.status_update GROUP BY site, board
    ) AS s WHERE s.site = u.site AND s.board = u.board AND u.created >= s.oldest
);
INSERT INTO status_update BY NAME SELECT DISTINCT ON (update_id) * EXCLUDE (batch)
    FROM stage.status_update ORDER BY update_id, batch DESC;
