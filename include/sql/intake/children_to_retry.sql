-- one row is a delivery with rows that newly loaded parents may let through, parents of others first
SELECT d.delivery_id
FROM jsonb_to_recordset(:waits::jsonb) AS w (place integer, dataset text, field text, rule text, is_own boolean)
JOIN lineage.delivery AS d
    ON d.dataset = w.dataset AND d.is_current AND d.period >= :period AND (d.sender = :sender OR NOT w.is_own)
WHERE EXISTS (
    SELECT FROM quarantine.row AS q WHERE q.delivery_id = d.delivery_id AND (q.rule, q.field) = (w.rule, w.field)
)
GROUP BY d.delivery_id
ORDER BY min(w.place), d.period, d.delivery_id
