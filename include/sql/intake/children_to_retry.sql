-- one row is a delivery with rows that its sender's newly loaded parents may let through
SELECT d.delivery_id
FROM lineage.delivery AS d
WHERE d.is_current
    AND d.sender = :sender
    AND d.period >= :period
    AND d.dataset = ANY(:datasets)
    AND EXISTS (SELECT FROM quarantine.row AS q WHERE q.delivery_id = d.delivery_id AND q.rule = ANY(:rules))
ORDER BY d.period, d.dataset
