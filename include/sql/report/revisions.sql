-- one row is a figure that readers have had with another value than they now get, and why where that may be told
SELECT
    r.period, r.indicator_id, r.cell, r.report_id, r.reported_as_of,
    r.old_numerator, r.old_denominator, r.old_value, r.new_numerator, r.new_denominator, r.new_value, r.parts
FROM indicator.public_revision(:as_of, :protections, :few) AS r
ORDER BY r.period, r.indicator_id, r.cell;
