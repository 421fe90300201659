-- Note that the receiving system took over, and give the time.
UPDATE lineage.receipt SET delivered_at = clock_timestamp()
WHERE receipt_id = :receipt_id
RETURNING delivered_at;
