-- one row is a computation with a given number
SELECT computation_id, period, as_of
FROM indicator.computation
WHERE computation_id = :computation_id;
