-- Write what a protection tells of what was left out
INSERT INTO indicator.public_left_out (protection_id, indicator_id, reason, observations, is_protected)
SELECT :protection_id, one.indicator_id, one.reason, one.observations, one.observations IS NULL
FROM jsonb_to_recordset(:rows::jsonb) AS one (indicator_id text, reason text, observations bigint);
