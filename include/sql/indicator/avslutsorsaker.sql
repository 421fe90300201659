-- one row is an enrolment that ended in the period, whatever the reason
SELECT
    x.observation_id,
    1 AS numerator,
    1 AS denominator,
    x.avslutsorsak,
    x.insatstyp,
    x.delivery_id,
    x.row_no
FROM core.exit(:as_of) AS x
WHERE x.slutdatum BETWEEN :period_start AND :period_end
