-- one row is a delivery of one of the datasets that is not in what is published of its month
SELECT
    reported_period, report_id, published_at, delivery_id, dataset, sender, period, received_at, rows_loaded,
    is_correction
FROM lineage.changed_after_report
WHERE dataset = ANY(:datasets::text[])
ORDER BY reported_period, report_id, delivery_id;
