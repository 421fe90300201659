-- one row is an action due in the period
SELECT
    a.atgard_id AS observation_id,
    coalesce(a.status = 'klar' AND a.klar_datum <= a.forfallodatum, false)::integer AS numerator,
    1 AS denominator,
    a.kalla,
    a.delivery_id,
    a.row_no
FROM core.action(:as_of) AS a
WHERE a.forfallodatum BETWEEN :period_start AND :period_end
