-- Close a case with what was done.
UPDATE lineage.provider_case
SET outcome = :outcome, decision = :decision, closed_on = :closed_on, closed_by = :closed_by, closed_at = clock_timestamp()
WHERE provider_case_id = :provider_case_id
