-- one row is a reason why attendance days are not counted
SELECT 'insatsen finns inte längre i anordnarens leveranser' AS reason, sum(m.days) AS observations
FROM core.attendance_month(:as_of) AS m
WHERE m.manad BETWEEN :period_start AND :period_end AND NOT EXISTS (
    SELECT
    FROM core.enrolment(:as_of) AS e
    WHERE e.anordnare = m.anordnare AND e.insats_id = m.insats_id
)
HAVING count(*) > 0
