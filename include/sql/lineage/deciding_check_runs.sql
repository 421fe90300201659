-- one row is the newest check run of one stage that decides whether a computation may be published
SELECT check_run_id, run_id, stage, period, as_of, computation_id, checked_at, outcome, data_docs
FROM lineage.deciding_check_run(:computation_id, coalesce(:until::timestamptz, 'infinity'))
ORDER BY stage;
