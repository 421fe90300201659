-- Keep what was found of one drawn payment
INSERT INTO lineage.spot_check_result (spot_check_id, run_id, item, outcome, reason, action_id, recorded_by, on_day)
VALUES (:spot_check_id, :run_id, :item, :outcome, :reason, :action_id, :recorded_by, :on_day)
