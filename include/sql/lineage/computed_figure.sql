-- one row is a figure in the newest computation of its period, numbers and all; what only readers' table has, as it stands there
WITH newest AS (
    SELECT max(c.computation_id) AS computation_id FROM indicator.computation AS c WHERE c.period = :period
)
SELECT v.indicator_id, v.cell, v.numerator, v.denominator, v.value, v.observations, v.is_protected, v.computation_id
FROM indicator.value AS v
JOIN newest USING (computation_id)
WHERE v.indicator_id = :indicator_id AND v.cell = :cell::jsonb
UNION ALL
-- Small providers that stand together, and cells of nobody that would tell by not being there.
SELECT p.indicator_id, p.cell, p.numerator, p.denominator, p.value, p.observations, p.is_protected, n.computation_id
FROM newest AS n
CROSS JOIN LATERAL (
    SELECT max(o.protection_id) AS protection_id FROM indicator.protection AS o WHERE o.computation_id = n.computation_id
) AS made
JOIN indicator.public_value AS p USING (protection_id)
WHERE p.indicator_id = :indicator_id AND p.cell = :cell::jsonb
  AND NOT EXISTS (
      SELECT FROM indicator.value AS v
      WHERE v.computation_id = n.computation_id AND v.indicator_id = p.indicator_id AND v.cell = p.cell
  );
