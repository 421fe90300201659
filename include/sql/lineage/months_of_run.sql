-- one row is a month that deliveries received by a run are about
SELECT DISTINCT d.period
FROM lineage.delivery AS d
WHERE d.run_id = :run_id AND d.status = 'mottagen'
ORDER BY d.period;
