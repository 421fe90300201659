-- one row is the disposal, locked until the transaction ends: two who carry it out come one after the other
SELECT disposal_id, done_at FROM lineage.disposal WHERE disposal_id = :disposal_id FOR UPDATE
