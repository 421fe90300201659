-- Note that everything of a disposal has been destroyed, and how much it was.
UPDATE lineage.disposal
SET done_at = clock_timestamp(), destroyed = :destroyed::jsonb
WHERE disposal_id = :disposal_id
