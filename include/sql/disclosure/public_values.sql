-- one row is a value of a public table
SELECT
    indicator_id, cell, numerator, denominator, value, observations, interval_low, interval_high, is_protected
FROM indicator.public_value
WHERE protection_id = :protection_id
ORDER BY indicator_id, cell;
