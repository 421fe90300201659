-- one row is a reason why ended enrolments are not in the denominator
SELECT 'avslutsorsaken räknas inte i nämnaren' AS reason, count(*) AS observations
FROM core.exit(:as_of) AS x
WHERE x.slutdatum BETWEEN :period_start AND :period_end AND x.own = 'outside'
HAVING count(*) > 0
