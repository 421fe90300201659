-- one row is the newest check of what was let in for one month of a period, when a computation was made
SELECT DISTINCT ON (c.period)
    c.check_run_id, c.run_id, c.stage, c.period, c.as_of, c.computation_id, c.checked_at, c.outcome, c.data_docs
FROM lineage.check_run AS c
JOIN indicator.computation AS made ON made.computation_id = :computation_id
WHERE c.stage = 'staging'
  AND c.checked_at <= made.computed_at
  AND c.period BETWEEN to_char(:period_start::date, 'YYYY-MM') AND to_char(:period_end::date, 'YYYY-MM')
ORDER BY c.period, c.check_run_id DESC;
