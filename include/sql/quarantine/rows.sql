-- one row is one reason why one row of a delivery that counts is not loaded, and since when
SELECT d.dataset, d.sender, d.period, d.delivery_id, q.row_no, q.field, q.rule, q.text, q.known_from
FROM quarantine.reason AS q
JOIN lineage.delivery AS d ON d.delivery_id = q.delivery_id
WHERE d.is_current
    AND q.known_to = 'infinity'
    AND d.dataset = coalesce(:dataset, d.dataset)
    AND d.sender = coalesce(:sender, d.sender)
    AND d.period = coalesce(:period, d.period)
    AND q.rule = coalesce(:rule, q.rule)
ORDER BY d.dataset, d.sender, d.period, d.delivery_id, q.row_no, q.field, q.rule
