-- one row is the newest package of a report and period that is not published, and what it waits for
WITH newest AS (
    SELECT DISTINCT ON (p.report_id, p.period) p.package_id, p.report_id, p.period, p.content_sha256, p.frozen_at
    FROM lineage.package AS p
    ORDER BY p.report_id, p.period, p.package_id DESC
)
SELECT
    n.package_id, n.report_id, n.period, n.content_sha256, n.frozen_at,
    CASE
        WHEN rejected.package_id IS NOT NULL THEN 'rättning'
        WHEN approved.steps = 0 THEN 'granskning'
        WHEN approved.steps = 1 THEN 'godkannande'
        ELSE 'publicering'
    END AS waits_for,
    rejected.comment
FROM newest AS n
LEFT JOIN lineage.approval AS rejected ON rejected.package_id = n.package_id AND rejected.decision = 'avvisad'
CROSS JOIN LATERAL (
    SELECT count(*) AS steps FROM lineage.approval AS a WHERE a.package_id = n.package_id AND a.decision = 'godkand'
) AS approved
WHERE NOT EXISTS (SELECT FROM published.publication AS p WHERE p.package_id = n.package_id)
ORDER BY n.package_id;
