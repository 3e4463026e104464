-- Take the time that was noted over: an edited note replaces itself, a deleted one never returns.

CREATE OR REPLACE TEMP TABLE noted AS
    SELECT DISTINCT ON (worklog_id) * EXCLUDE (batch)
    FROM stage.worklog ORDER BY worklog_id, batch DESC;
DELETE FROM noted WHERE worklog_id IN (SELECT worklog_id FROM stage.removed_worklog);
DELETE FROM worklog WHERE worklog_id IN (SELECT worklog_id FROM stage.removed_worklog);
DELETE FROM noted AS n WHERE EXISTS (
    SELECT 1 FROM worklog AS w WHERE w.worklog_id = n.worklog_id AND w = n
);
DELETE FROM worklog WHERE worklog_id IN (SELECT worklog_id FROM noted);
INSERT INTO worklog BY NAME SELECT * FROM noted;
