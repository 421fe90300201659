-- one row is a reason why answers of course evaluations are not counted
SELECT 'kursen finns inte längre i anordnarens leveranser' AS reason, count(*) AS observations
FROM core.course_answer(:as_of) AS a
WHERE a.delivery_month BETWEEN :period_start AND :period_end AND NOT EXISTS (
    SELECT
    FROM core.course(:as_of) AS c
    WHERE c.anordnare = a.anordnare AND c.kurs_id = a.kurs_id
)
HAVING count(*) > 0
