-- one row is an enrolment that started in the period and whose day of referral is known
SELECT
    e.observation_id,
    e.startdatum - e.anvisad_datum AS numerator,
    1 AS denominator,
    e.insatstyp,
    e.anordnare,
    e.delivery_id,
    e.row_no
FROM core.enrolment(:as_of) AS e
WHERE e.startdatum BETWEEN :period_start AND :period_end AND e.anvisad_datum IS NOT NULL
