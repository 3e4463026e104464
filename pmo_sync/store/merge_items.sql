-- Take over the items that "said" shows now (merge.py), and the digests of what was said of them. A time
-- loses its zone as a number of microseconds: a cast would ask for the zone's rules each time.
INSERT INTO work_item BY NAME
    SELECT * EXCLUDE (batch) REPLACE (
        make_timestamp(epoch_us(created)) AS created, make_timestamp(epoch_us(updated)) AS updated
    ) FROM said;
