-- Record that a suite was run, and give its number.
INSERT INTO lineage.check_run (run_id, stage, period, as_of, computation_id, outcome, data_docs)
VALUES (:run_id, :stage, :period, :as_of, :computation_id, :outcome, :data_docs)
RETURNING check_run_id;
