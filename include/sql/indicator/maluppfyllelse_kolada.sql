-- one row is an enrolment that ended in the period for a reason inside the denominator
SELECT
    x.observation_id,
    (x.kolada = 'reached')::integer AS numerator,
    1 AS denominator,
    x.insatstyp,
    x.anordnare,
    x.kon,
    core.age_group(x.birth_date, :period_end) AS aldersgrupp,
    x.delivery_id,
    x.row_no
FROM core.exit(:as_of) AS x
WHERE x.slutdatum BETWEEN :period_start AND :period_end AND x.kolada <> 'outside'
