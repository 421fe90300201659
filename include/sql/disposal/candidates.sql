-- one row is a delivery of the content that is asked for: every delivery of the same bytes goes along
WITH asked AS (
    SELECT d.sha256
    FROM lineage.delivery AS d
    WHERE d.sha256 = ANY(:hashes::text[])
        OR d.delivery_id = ANY(:delivery_ids::bigint[])
        OR (
            d.dataset = :dataset::text
            AND d.sender = coalesce(:sender::text, d.sender)
            AND d.period BETWEEN :first::date AND :last::date
        )
)
SELECT
    d.delivery_id, d.dataset, d.sender, d.period, d.file_name, d.sha256, d.size_bytes, d.status, d.received_at,
    d.rows_in, d.rows_quarantined,
    d.is_current AND NOT EXISTS (
        SELECT FROM published.publication AS p
        JOIN lineage.package AS k ON k.package_id = p.package_id
        JOIN indicator.computation AS c ON c.computation_id = k.computation_id
        WHERE d.period BETWEEN c.period_start AND c.period_end AND k.as_of >= d.finished_at
    ) AS is_unreported
FROM lineage.delivery AS d
WHERE d.sha256 IN (SELECT a.sha256 FROM asked AS a)
    AND NOT EXISTS (
        SELECT FROM lineage.disposal AS s
        WHERE s.approved_at IS NOT NULL AND s.files @> jsonb_build_array(jsonb_build_object('delivery_id', d.delivery_id))
    )
ORDER BY d.dataset NULLS LAST, d.period, d.sender, d.delivery_id
