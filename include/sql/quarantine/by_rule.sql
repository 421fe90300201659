-- one row is how many rows of one delivery that counts one rule keeps in quarantine
SELECT d.dataset, d.sender, d.period, d.delivery_id, d.rows_quarantined, q.rule, count(DISTINCT q.row_no) AS rows
FROM quarantine.row AS q
JOIN lineage.delivery AS d ON d.delivery_id = q.delivery_id
WHERE d.is_current
    AND d.dataset = coalesce(:dataset, d.dataset)
    AND d.sender = coalesce(:sender, d.sender)
    AND d.period = coalesce(:period, d.period)
    AND q.rule = coalesce(:rule, q.rule)
GROUP BY d.delivery_id, q.rule
ORDER BY d.dataset, d.sender, d.period, rows DESC, q.rule
