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
    -- What counted then is what was judged last: only a delivery that counts is judged again.
    SELECT DISTINCT ON (n.dataset, n.sender, n.period)
        n.sender, n.dataset, n.received_at, j.rows_in, j.rows_loaded, j.rows_unchanged, j.rows_quarantined
    FROM lineage.judgement AS j
    JOIN lineage.delivery AS n ON n.delivery_id = j.delivery_id
    WHERE j.judged_at <= :as_of
      AND n.period BETWEEN :period_start AND :period_end
    ORDER BY n.dataset, n.sender, n.period, j.judged_at DESC, j.judgement_id DESC
) AS d
GROUP BY d.sender, d.dataset
ORDER BY d.sender, d.dataset;
