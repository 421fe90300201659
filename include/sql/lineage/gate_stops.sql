-- one row is a broken, unwaived stop in the newest check run of its stage and period
WITH newest AS (
    SELECT DISTINCT ON (c.stage, c.period) c.check_run_id, c.stage, c.period, c.checked_at, c.outcome
    FROM lineage.check_run AS c
    ORDER BY c.stage, c.period, c.check_run_id DESC
)
SELECT n.check_run_id, n.stage, n.period, n.checked_at, r.check_id, r.title, r.unexpected, r.action
FROM newest AS n
JOIN lineage.check_result AS r ON r.check_run_id = n.check_run_id
WHERE n.outcome = 'stopp' AND r.severity = 'stopp' AND NOT r.is_success AND r.waiver_id IS NULL
ORDER BY n.period, n.stage, r.check_id;
