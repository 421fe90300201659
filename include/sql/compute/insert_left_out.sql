-- Store what a computation left out
INSERT INTO indicator.left_out (computation_id, indicator_id, reason, observations)
SELECT :computation_id, indicator_id, reason, observations
FROM pg_temp.computed_left_out
