-- one row is one of the named runs
SELECT run_id, dag_id, dag_run_id, period, code_version, started_at
FROM lineage.run
WHERE run_id = ANY(:run_ids::bigint[])
ORDER BY run_id;
