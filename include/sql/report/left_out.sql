-- one row is a reason why an indicator did not count something, and how many; few are not told
SELECT l.indicator_id, l.reason, CASE WHEN l.observations >= :threshold THEN l.observations END AS observations
FROM indicator.left_out AS l
WHERE l.computation_id = :computation_id AND l.observations > 0
ORDER BY l.indicator_id, l.reason;
