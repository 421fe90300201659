-- Give a protection the public table of another one
INSERT INTO indicator.public_value
    (protection_id, indicator_id, cell, numerator, denominator, value, observations, interval_low, interval_high,
     is_protected)
SELECT
    :protection_id, indicator_id, cell, numerator, denominator, value, observations, interval_low, interval_high,
    is_protected
FROM indicator.public_value
WHERE protection_id = :copied_from;
