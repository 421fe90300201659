-- Writes in the ledger what became of a delivery.
UPDATE lineage.delivery
SET
    status = :status,
    is_current = :status::text = 'mottagen',
    rows_in = :rows_in,
    rows_loaded = :rows_loaded,
    rows_unchanged = :rows_unchanged,
    rows_quarantined = :rows_quarantined,
    detected = :detected::jsonb,
    refusal_rule = :refusal_rule,
    refusal_text = :refusal_text,
    warnings = :warnings::jsonb,
    finished_at = clock_timestamp()
WHERE delivery_id = :delivery_id
