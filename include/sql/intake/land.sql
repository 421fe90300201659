-- Enters a landed file in the ledger, unless it stands there already and was never finished (its worker was killed).
WITH unfinished AS (
    SELECT d.delivery_id, d.received_at
    FROM lineage.delivery AS d
    WHERE d.status = 'landad'
        AND d.sha256 = :sha256
        AND (d.dataset, d.sender, d.period) IS NOT DISTINCT FROM (:dataset::text, :sender::text, :period::date)
    ORDER BY d.delivery_id
    LIMIT 1
),
entered AS (
    INSERT INTO lineage.delivery
        (run_id, dataset, sender, period, file_name, sha256, size_bytes, channel, received_at, status)
    SELECT
        :run_id, :dataset, :sender, :period, :file_name, :sha256, :size_bytes, :channel,
        least(:came_at::timestamptz, clock_timestamp()), 'landad'
    WHERE NOT EXISTS (SELECT FROM unfinished)
    RETURNING delivery_id, received_at
)
SELECT * FROM unfinished
UNION ALL
SELECT * FROM entered
