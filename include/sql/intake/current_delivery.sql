-- one row is what now counts for a dataset, sender and month
SELECT d.delivery_id, d.sha256, d.rows_in, d.rows_loaded, d.rows_unchanged, d.rows_quarantined
FROM lineage.delivery AS d
WHERE d.is_current AND d.dataset = :dataset AND d.sender = :sender AND d.period = :period
