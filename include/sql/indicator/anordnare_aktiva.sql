-- one row is an enrolment active some day of the period; what is counted is its provider
SELECT
    e.anordnare AS observation_id,
    1 AS numerator,
    NULL::numeric AS denominator,
    e.delivery_id,
    e.row_no
FROM core.enrolment(:as_of) AS e
WHERE e.startdatum <= :period_end AND coalesce(e.slutdatum, 'infinity') >= :period_start
