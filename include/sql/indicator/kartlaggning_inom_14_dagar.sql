-- one row is an enrolment that started in the period, early enough for its 14 days to end in it
SELECT
    e.observation_id,
    coalesce(e.kartlaggning_datum <= e.startdatum + 14, false)::integer AS numerator,
    1 AS denominator,
    e.insatstyp,
    e.anordnare,
    e.delivery_id,
    e.row_no
FROM core.enrolment(:as_of) AS e
WHERE e.startdatum BETWEEN :period_start AND :period_end - 14
