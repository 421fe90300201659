-- one row is a value of a computation with at most two breakdowns; a protected one has no numbers here
SELECT
    v.indicator_id,
    v.cell,
    CASE WHEN NOT v.is_protected THEN v.numerator END AS numerator,
    CASE WHEN NOT v.is_protected THEN v.denominator END AS denominator,
    CASE WHEN NOT v.is_protected THEN v.value END AS value,
    CASE WHEN NOT v.is_protected THEN v.observations END AS observations,
    v.is_protected
FROM indicator.value AS v
WHERE v.computation_id = :computation_id
  AND (SELECT count(*) FROM jsonb_object_keys(v.cell)) <= 2;
