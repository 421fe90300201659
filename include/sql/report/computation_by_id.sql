-- one row is the computation with a given number
SELECT computation_id, period, as_of, catalogue_sha256
FROM indicator.computation
WHERE computation_id = :computation_id;
