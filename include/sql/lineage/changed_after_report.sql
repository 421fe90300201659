-- lineage.changed_after_report: one row is a delivery that was loaded too late to be in what is published of its month.
SET LOCAL ROLE arshjul_owner;

-- "Too late" is after the point of knowledge of the newest publication, which may be some weeks before it was published.
CREATE OR REPLACE VIEW lineage.changed_after_report AS
SELECT
    p.publication_id, p.report_id, p.period AS reported_period, p.published_at,
    d.delivery_id, d.dataset, d.sender, d.period, d.received_at, d.finished_at, d.rows_loaded,
    EXISTS (
        SELECT FROM lineage.delivery AS earlier
        WHERE earlier.status = 'mottagen'
            AND (earlier.dataset, earlier.sender, earlier.period) = (d.dataset, d.sender, d.period)
            AND earlier.delivery_id < d.delivery_id
    ) AS is_correction
FROM (
    SELECT DISTINCT ON (n.report_id, n.period) n.*
    FROM published.publication AS n
    ORDER BY n.report_id, n.period, n.publication_id DESC
) AS p
JOIN lineage.package AS k ON k.package_id = p.package_id
JOIN indicator.computation AS c ON c.computation_id = k.computation_id
JOIN lineage.delivery AS d
    ON d.status = 'mottagen' AND d.finished_at > k.as_of AND d.period BETWEEN c.period_start AND c.period_end;
COMMENT ON VIEW lineage.changed_after_report IS 'Deliveries loaded too late to be in what is published of their month';
COMMENT ON COLUMN lineage.changed_after_report.publication_id IS 'The newest publication of the report for the period';
COMMENT ON COLUMN lineage.changed_after_report.report_id IS 'Which report';
COMMENT ON COLUMN lineage.changed_after_report.reported_period IS 'Key of the period it reports';
COMMENT ON COLUMN lineage.changed_after_report.published_at IS 'When it was published';
COMMENT ON COLUMN lineage.changed_after_report.delivery_id IS 'The delivery that is not in it';
COMMENT ON COLUMN lineage.changed_after_report.dataset IS 'Dataset of the delivery';
COMMENT ON COLUMN lineage.changed_after_report.sender IS 'Ten-digit organisationsnummer of its sender';
COMMENT ON COLUMN lineage.changed_after_report.period IS 'First day of its delivery month';
COMMENT ON COLUMN lineage.changed_after_report.received_at IS 'When it came';
COMMENT ON COLUMN lineage.changed_after_report.finished_at IS 'When it was loaded, for the last time if it was tried again';
COMMENT ON COLUMN lineage.changed_after_report.rows_loaded IS 'Rows that were new or changed';
COMMENT ON COLUMN lineage.changed_after_report.is_correction IS 'It corrects an earlier delivery; else it is the first, late';
GRANT SELECT ON lineage.changed_after_report TO arshjul_report, arshjul_audit;

RESET ROLE;
