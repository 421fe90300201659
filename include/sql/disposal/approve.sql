-- Approve a disposal.
UPDATE lineage.disposal
SET approved_by = :approved_by, approved_at = clock_timestamp()
WHERE disposal_id = :disposal_id
