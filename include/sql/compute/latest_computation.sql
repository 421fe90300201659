-- The newest computation of a period
SELECT computation_id, as_of, run_id, catalogue_sha256, computed_at
FROM indicator.computation
WHERE period = :period
ORDER BY computation_id DESC
LIMIT 1
