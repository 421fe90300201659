-- one row is one of the named deliveries, with the run that received it and the decision by which its file was destroyed
SELECT
    d.delivery_id, d.dataset, d.sender, d.period, d.file_name, d.sha256, d.received_at, r.dag_id, r.dag_run_id,
    g.decided_on AS disposed_on, g.reference AS disposed_by
FROM lineage.delivery AS d
JOIN lineage.run AS r ON r.run_id = d.run_id
LEFT JOIN LATERAL (
    SELECT s.decided_on, s.reference
    FROM lineage.disposal AS s
    WHERE s.done_at IS NOT NULL AND s.files @> jsonb_build_array(jsonb_build_object('delivery_id', d.delivery_id))
    ORDER BY s.disposal_id
    LIMIT 1
) AS g ON true
WHERE d.delivery_id = ANY(:delivery_ids::bigint[])
ORDER BY d.dataset, d.sender, d.period, d.delivery_id;
