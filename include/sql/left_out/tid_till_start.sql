-- one row is a reason why enrolments that started have no time to start
SELECT 'datum för anvisning saknas' AS reason, count(*) AS observations
FROM core.enrolment(:as_of) AS e
WHERE e.startdatum BETWEEN :period_start AND :period_end AND e.anvisad_datum IS NULL
HAVING count(*) > 0
