-- Write a protection's public table
INSERT INTO indicator.public_value
    (protection_id, indicator_id, cell, numerator, denominator, value, observations, interval_low, interval_high,
     is_protected)
SELECT
    :protection_id, one.indicator_id, one.cell, one.numerator, one.denominator, one.value, one.observations,
    one.interval_low, one.interval_high, one.is_protected
FROM jsonb_to_recordset(:rows::jsonb) AS one (
    indicator_id text, cell jsonb, numerator numeric, denominator numeric, value numeric, observations bigint,
    interval_low numeric, interval_high numeric, is_protected boolean
);
