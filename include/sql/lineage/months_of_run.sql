-- one row is a month with deliveries that were loaded since a run began: received by it, or tried again because of it
SELECT DISTINCT d.period
FROM lineage.delivery AS d
WHERE d.status = 'mottagen'
  AND d.judged_at >= (SELECT r.started_at FROM lineage.run AS r WHERE r.run_id = :run_id)
ORDER BY d.period;
