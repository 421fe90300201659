-- one row is a delivery as the ledger has it
SELECT
    d.delivery_id, d.run_id, d.dataset, d.sender, d.period, d.file_name, d.sha256, d.size_bytes, d.channel, d.received_at,
    d.status, d.is_current
FROM lineage.delivery AS d
WHERE d.delivery_id = :delivery_id
