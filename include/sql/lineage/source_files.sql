-- one row is one of the named deliveries, with the run that received it
SELECT
    d.delivery_id, d.dataset, d.sender, d.period, d.file_name, d.sha256, d.received_at, r.dag_id, r.dag_run_id
FROM lineage.delivery AS d
JOIN lineage.run AS r ON r.run_id = d.run_id
WHERE d.delivery_id = ANY(:delivery_ids::bigint[])
ORDER BY d.dataset, d.sender, d.period, d.delivery_id;
