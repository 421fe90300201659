-- Enter a review in the ledger
INSERT INTO indicator.review (run_id, old_computation_id, new_computation_id)
VALUES (:run_id, :old_computation_id, :new_computation_id)
RETURNING review_id
