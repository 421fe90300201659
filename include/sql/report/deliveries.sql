-- one row is what one sender had delivered of one dataset for the months of a period, as known at a time
SELECT
    d.sender,
    d.dataset,
    count(*) AS deliveries,
    sum(d.rows_in) AS rows_in,
    sum(d.rows_loaded + d.rows_unchanged) AS rows_loaded,
    sum(d.rows_quarantined) AS rows_quarantined,
    max(d.received_at) AS last_received_at
FROM (
    SELECT DISTINCT ON (n.dataset, n.sender, n.period) n.*
    FROM lineage.delivery AS n
    WHERE n.status = 'mottagen'
      AND n.finished_at <= :as_of
      AND n.period BETWEEN :period_start AND :period_end
    ORDER BY n.dataset, n.sender, n.period, n.finished_at DESC
) AS d
GROUP BY d.sender, d.dataset
ORDER BY d.sender, d.dataset;
