-- one row is an enrolment that ended in the period in self-support (own definition)
SELECT
    x.observation_id,
    x.slutdatum - x.startdatum + 1 AS numerator,
    NULL::numeric AS denominator,
    x.insatstyp,
    x.anordnare,
    x.kon,
    x.delivery_id,
    x.row_no
FROM core.exit(:as_of) AS x
WHERE x.slutdatum BETWEEN :period_start AND :period_end AND x.own = 'reached'
