-- one row is a reason why enrolments that started are not yet judged
SELECT 'insatsen startade under periodens sista 14 dagar' AS reason, count(*) AS observations
FROM core.enrolment(:as_of) AS e
WHERE e.startdatum BETWEEN :period_start AND :period_end AND e.startdatum > :period_end - 14
HAVING count(*) > 0
