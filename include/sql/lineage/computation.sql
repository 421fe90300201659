-- one row is the computation with this number
SELECT computation_id, run_id, period, as_of, catalogue_sha256, computed_at
FROM indicator.computation
WHERE computation_id = :computation_id;
