-- one row is a reason why attendance days are not counted
SELECT 'insatsen finns inte längre i anordnarens leveranser' AS reason, count(*) AS observations
FROM core.attendance(:as_of) AS a
WHERE a.datum BETWEEN :period_start AND :period_end AND NOT EXISTS (
    SELECT
    FROM core.enrolment(:as_of) AS e
    WHERE e.anordnare = a.anordnare AND e.insats_id = a.insats_id
)
HAVING count(*) > 0
