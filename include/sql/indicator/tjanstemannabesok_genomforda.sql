-- one row is a visit of the officers that was done in the period
SELECT
    b.besok_id AS observation_id,
    1 AS numerator,
    NULL::numeric AS denominator,
    b.delivery_id,
    b.row_no
FROM core.visit(:as_of) AS b
WHERE b.datum BETWEEN :period_start AND :period_end AND b.typ = 'tjanstemannabesok' AND b.status = 'genomfort'
