-- Enter a computation in the ledger
INSERT INTO indicator.computation (run_id, period, period_start, period_end, as_of, catalogue_sha256)
VALUES (:run_id, :period, :period_start, :period_end, :as_of, :catalogue_sha256)
RETURNING computation_id, computed_at
