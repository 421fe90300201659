-- one row is a figure in the newest computation of its period, numbers and all
SELECT v.indicator_id, v.cell, v.numerator, v.denominator, v.value, v.observations, v.is_protected, v.computation_id
FROM indicator.value AS v
WHERE v.indicator_id = :indicator_id
  AND v.cell = :cell::jsonb
  AND v.computation_id = (SELECT max(c.computation_id) FROM indicator.computation AS c WHERE c.period = :period);
