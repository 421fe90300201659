-- one row is the computation with a given number
SELECT computation_id, period, as_of, run_id, catalogue_sha256, computed_at
FROM indicator.computation
WHERE computation_id = :computation_id
