-- one row is how many rows of the month's current deliveries one rule keeps in quarantine
SELECT d.dataset, q.rule, count(DISTINCT (q.delivery_id, q.row_no)) AS rows, count(DISTINCT d.sender) AS senders
FROM quarantine.row AS q
JOIN lineage.delivery AS d ON d.delivery_id = q.delivery_id
WHERE d.period = :month_start AND d.is_current
GROUP BY d.dataset, q.rule
ORDER BY d.dataset, rows DESC, q.rule;
