-- one row says when the newest earlier version of a report and period was published, if one was; not from the same figures
SELECT max(p.published_at) AS published_at
FROM published.publication AS p
JOIN lineage.package AS k USING (package_id)
WHERE p.report_id = :report_id AND p.period = :period AND k.computation_id <> :computation_id
    AND (:until::timestamptz IS NULL OR p.published_at < :until);
