-- one row is a reason why ended enrolments have no days to self-support
SELECT
    CASE x.own
        WHEN 'not' THEN 'insatsen slutade utan egen försörjning'
        ELSE 'avslutsorsaken räknas inte i nämnaren'
    END AS reason,
    count(*) AS observations
FROM core.exit(:as_of) AS x
WHERE x.slutdatum BETWEEN :period_start AND :period_end AND x.own <> 'reached'
GROUP BY 1
