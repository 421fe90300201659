-- Attendance without an index entry for each row: the one table that is counted in millions keeps ranges of its slices.
SET LOCAL ROLE arshjul_owner;

-- Its unique key took half the time of loading it. What it guarded is guarded before and after: rows of one file that
-- share a key are never loaded (mark_repeated.sql.j2), a slice is compared under its sender's lock (change_rows.sql.j2),
-- and the gate stops a key that two versions claim at one time (underlaget_hanger_ihop).
DROP INDEX core.narvaro_current;

-- A delivery's rows lie together in the table: the range of senders and months of each few pages finds them.
CREATE INDEX narvaro_slice ON core.narvaro USING brin (period, sender) WITH (pages_per_range = 32, autosummarize = on);

-- As for core (0008): the ledger is append only, and each reason of a large file looked its delivery up once more.
ALTER TABLE quarantine.reason DROP CONSTRAINT row_delivery_id_fkey;

RESET ROLE;
