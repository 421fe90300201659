-- one row is what a reader may be told of a figure, in one public table; a withheld one has no numbers
SELECT
    v.indicator_id, v.cell, v.numerator, v.denominator, v.value, v.observations, v.interval_low, v.interval_high,
    v.is_protected
FROM indicator.public_value AS v
WHERE v.protection_id = :protection_id;
