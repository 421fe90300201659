-- one row is what a reader may be told of what an indicator left out
SELECT indicator_id, reason, observations, is_protected
FROM indicator.public_left_out
WHERE protection_id = :protection_id
ORDER BY indicator_id, reason;
