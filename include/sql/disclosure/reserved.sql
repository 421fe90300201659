-- one row is a protection that another report is about to release, companions included; the newest of a report and period
SELECT DISTINCT coalesce(p.copied_from, p.protection_id) AS protection_id
FROM (
    SELECT DISTINCT ON (r.report_id, r.period) r.report_id, r.protection_id, r.made_at
    FROM indicator.reservation AS r
    ORDER BY r.report_id, r.period, r.reservation_id DESC
) AS newest
JOIN indicator.protection AS reported USING (protection_id)
JOIN indicator.protection AS p ON p.protection_id = ANY(reported.companions || reported.protection_id)
WHERE newest.report_id IS DISTINCT FROM :report_id AND newest.made_at > clock_timestamp() - interval '60 days'
ORDER BY 1;
