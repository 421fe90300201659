-- one row sums up what has come in for a month
SELECT
    count(*) FILTER (WHERE d.is_current) AS received,
    count(*) FILTER (WHERE d.status = 'avvisad') AS refused,
    coalesce(sum(d.rows_loaded + d.rows_unchanged) FILTER (WHERE d.is_current), 0) AS rows_loaded,
    coalesce(sum(d.rows_quarantined) FILTER (WHERE d.is_current), 0) AS rows_quarantined
FROM lineage.delivery AS d
WHERE d.period = :period;
