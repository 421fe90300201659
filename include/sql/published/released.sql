-- indicator.released: one row is a period whose figures have left the house, and the computation they came from.
SET LOCAL ROLE arshjul_owner;

-- The period's own report decides where there is one; else the newest table that left in another way (an export, or beside
-- the figures of another period). A view of the owner's, so that who computes need not read publications.
CREATE OR REPLACE VIEW indicator.released AS
SELECT DISTINCT ON (r.period)
    r.period, r.computation_id, r.publication_id, r.protection_id, r.report_id, r.released_at
FROM (
    SELECT
        p.period, k.computation_id, p.publication_id, NULL::bigint AS protection_id, p.report_id,
        p.published_at AS released_at
    FROM published.publication AS p
    JOIN lineage.package AS k USING (package_id)
    UNION ALL
    SELECT c.period, c.computation_id, NULL, o.protection_id, NULL, l.released_at
    FROM indicator.release AS l
    JOIN indicator.protection AS o USING (protection_id)
    JOIN indicator.computation AS c USING (computation_id)
) AS r
ORDER BY r.period, r.publication_id IS NULL, r.publication_id DESC, r.released_at DESC, r.protection_id DESC;
COMMENT ON VIEW indicator.released IS 'The computation that readers have of each period: that of its newest report, else of the newest release';
COMMENT ON COLUMN indicator.released.period IS 'Key of the period';
COMMENT ON COLUMN indicator.released.computation_id IS 'The computation that was released';
COMMENT ON COLUMN indicator.released.publication_id IS 'The publication it was released by; null when the period has no report of its own';
COMMENT ON COLUMN indicator.released.protection_id IS 'The public table that was released when there is no report';
COMMENT ON COLUMN indicator.released.report_id IS 'Which report; null when there is none';
COMMENT ON COLUMN indicator.released.released_at IS 'When';
GRANT SELECT ON indicator.released TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
