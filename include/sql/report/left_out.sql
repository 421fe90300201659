-- one row is a reason why an indicator did not count something, and how many; what may not be told has no number
SELECT l.indicator_id, l.reason, l.observations
FROM indicator.public_left_out AS l
WHERE l.protection_id = :protection_id
ORDER BY l.indicator_id, l.reason;
