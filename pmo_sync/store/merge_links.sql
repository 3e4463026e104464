-- Take over pull requests, and what they and the items say of each other. After the items: names in
-- links are theirs.

CREATE OR REPLACE TEMP TABLE pulled AS
    SELECT DISTINCT ON (pull_id) * FROM stage.pull_record ORDER BY pull_id, batch DESC;
DELETE FROM pull_request WHERE pull_id IN (SELECT pull_id FROM pulled);
INSERT INTO pull_request BY NAME
    SELECT pull.* FROM (SELECT from_json_strict(pull, getvariable('pull_shape')) AS pull FROM pulled);

-- What those say who said something new.
CREATE OR REPLACE TEMP TABLE told AS
    SELECT owner, link.* FROM (
        SELECT l.owner, l.link FROM stage.link AS l
        JOIN changed AS c ON c.item_id = l.owner AND c.batch = l.batch
        UNION ALL
        SELECT pull_id, unnest(from_json_strict(links, '[' || getvariable('link_shape') || ']'))
        FROM pulled
    );

-- Links that name an end by its key or page: it is the one item or pull request that bears the name.
CREATE OR REPLACE TEMP TABLE spoken AS
    SELECT from_id AS name FROM link WHERE from_id LIKE '?#%'
    UNION SELECT to_id FROM link WHERE to_id LIKE '?#%'
    UNION SELECT from_id FROM told WHERE from_id LIKE '?#%'
    UNION SELECT to_id FROM told WHERE to_id LIKE '?#%';
CREATE OR REPLACE TEMP TABLE bearer AS
    SELECT name, any_value(id) AS id FROM (
        SELECT '?#' || key AS name, item_id AS id FROM work_item
        UNION ALL SELECT '?#' || url, item_id FROM work_item
        UNION ALL
        SELECT '?#' || value, entity_id FROM history WHERE entity = 'item' AND field = 'key'
        UNION ALL SELECT '?#' || key, pull_id FROM pull_request
        UNION ALL SELECT '?#' || url, pull_id FROM pull_request
    ) SEMI JOIN spoken USING (name) GROUP BY name HAVING count(DISTINCT id) = 1;
UPDATE link SET from_id = b.id FROM bearer AS b WHERE from_id = b.name;
UPDATE link SET to_id = b.id FROM bearer AS b WHERE to_id = b.name;
UPDATE told SET from_id = b.id FROM bearer AS b WHERE from_id = b.name;
UPDATE told SET to_id = b.id FROM bearer AS b WHERE to_id = b.name;

-- Between trackers "relates" has no direction: told from either side it is one link.
UPDATE link SET from_id = to_id, to_id = from_id, from_key = to_key, to_key = from_key
    WHERE kind = 'relates' AND from_id > to_id
    AND split_part(from_id, '#', 1) <> split_part(to_id, '#', 1);
UPDATE told SET from_id = to_id, to_id = from_id, from_key = to_key, to_key = from_key
    WHERE kind = 'relates' AND from_id > to_id
    AND split_part(from_id, '#', 1) <> split_part(to_id, '#', 1);

-- One that its owner no longer names has ended now; one that is new to us and undated began, as far
-- as we know, now, or before our first sight of the item.
CREATE OR REPLACE TEMP TABLE named AS
    SELECT DISTINCT ON (owner, from_id, to_id, kind) * FROM told
    ORDER BY owner, from_id, to_id, kind, valid_from NULLS LAST;

UPDATE link AS l SET valid_to = getvariable('now')
    WHERE l.valid_to IS NULL AND l.owner IN (
        SELECT item_id FROM changed UNION ALL SELECT pull_id FROM pulled
    )
    AND NOT EXISTS (
        SELECT 1 FROM named AS n WHERE n.owner = l.owner AND n.from_id = l.from_id
        AND n.to_id = l.to_id AND n.kind = l.kind
    );
INSERT INTO link BY NAME
    SELECT n.* REPLACE (
        CASE WHEN n.valid_from IS NULL AND n.owner IN (SELECT item_id FROM sighted)
        THEN getvariable('now') ELSE n.valid_from END AS valid_from
    )
    FROM named AS n WHERE NOT EXISTS (
        SELECT 1 FROM link AS l WHERE l.valid_to IS NULL AND l.owner = n.owner
        AND l.from_id = n.from_id AND l.to_id = n.to_id AND l.kind = n.kind
    );
