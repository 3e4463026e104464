-- Take over the items that "said" shows now (merge.py), and the digests of what was said of them.
INSERT INTO work_item BY NAME SELECT * EXCLUDE (batch) FROM said;
