-- The computation whose rows give a figure as it is shown, where those of the computation that shows it give another one:
-- the first that showed it so. It was computed then, since only what has been shown can stand as it was shown.
WITH own AS (
    SELECT coalesce(sum(v.numerator), 0) AS numerator, coalesce(sum(v.observations), 0) AS observations
    FROM indicator.value AS v
    JOIN jsonb_array_elements(:single::jsonb) AS one (cell) ON one.cell = v.cell
    WHERE v.computation_id = :computation_id AND v.indicator_id = :indicator_id
)
SELECT p.computation_id
FROM own
JOIN indicator.computation AS shown ON shown.computation_id = :computation_id
JOIN indicator.computation AS c ON c.period = shown.period
JOIN indicator.protection AS p ON p.computation_id = c.computation_id AND p.copied_from IS NULL
JOIN indicator.public_value AS v
    ON v.protection_id = p.protection_id AND v.indicator_id = :indicator_id AND v.cell = :cell::jsonb
WHERE (own.numerator, own.observations) <> (:numerator::numeric, :observations::bigint)
    AND (v.numerator, v.observations) = (:numerator::numeric, :observations::bigint)
ORDER BY p.protection_id
LIMIT 1;
