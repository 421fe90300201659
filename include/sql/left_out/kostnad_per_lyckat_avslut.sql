-- one row is a reason why payments for months of the period are not counted
SELECT 'utbetalningens insats finns inte längre i anordnarens leveranser' AS reason, count(*) AS observations
FROM core.payment(:as_of) AS p
WHERE p.manad BETWEEN :period_start AND :period_end AND NOT EXISTS (
    SELECT
    FROM core.enrolment(:as_of) AS e
    WHERE e.anordnare = p.anordnare AND e.insats_id = p.insats_id
)
HAVING count(*) > 0
