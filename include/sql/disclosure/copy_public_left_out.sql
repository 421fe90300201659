-- Give a protection what another one tells of what was left out
INSERT INTO indicator.public_left_out (protection_id, indicator_id, reason, observations, is_protected)
SELECT :protection_id, indicator_id, reason, observations, is_protected
FROM indicator.public_left_out
WHERE protection_id = :copied_from;
