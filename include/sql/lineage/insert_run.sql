-- Begin a run, unless another process has begun it in the meantime.
INSERT INTO lineage.run (dag_id, dag_run_id, period, code_version)
VALUES (:dag_id, :dag_run_id, :period, :code_version)
ON CONFLICT (dag_id, dag_run_id) DO NOTHING;
