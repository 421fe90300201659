-- Lets another delivery of the slice count from now on.
UPDATE lineage.delivery
SET is_current = false
WHERE is_current AND dataset = :dataset AND sender = :sender AND period = :period AND delivery_id <> :delivery_id
