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
    finished_at = coalesce(finished_at, clock_timestamp()),
    -- A new time of judgement makes the database keep the counts as a judgement of its own.
    judged_at = CASE :status::text WHEN 'mottagen' THEN clock_timestamp() END,
    judged_because = :because,
    rules_sha256 = :rules_sha256
WHERE delivery_id = :delivery_id
