-- one row is a refused delivery for the month, or one without a month received in or just after it, that no later
-- delivery has made good
SELECT d.delivery_id, d.dataset, d.sender, d.file_name, d.received_at, d.refusal_rule, d.refusal_text
FROM lineage.delivery AS d
WHERE d.status = 'avvisad'
    AND (d.period = :month_start OR (d.period IS NULL AND d.received_at >= :month_start AND d.received_at < :until))
    AND NOT EXISTS (
        SELECT FROM lineage.delivery AS later
        WHERE later.status IN ('mottagen', 'identisk')
            AND (later.dataset, later.sender, later.period) = (d.dataset, d.sender, d.period)
            AND later.delivery_id > d.delivery_id
    )
ORDER BY d.delivery_id;
