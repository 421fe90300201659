-- one row is how many an indicator left out for one reason
SELECT indicator_id, reason, observations
FROM indicator.left_out
WHERE computation_id = :computation_id AND observations > 0
ORDER BY indicator_id, reason;
