-- one row is the disposal that is asked for
SELECT disposal_id, decided_on, reference, decision, files, requested_by, requested_at, approved_by, approved_at, done_at, destroyed
FROM lineage.disposal
WHERE disposal_id = :disposal_id
