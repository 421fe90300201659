-- Let a stop pass for one period, and give the waiver's number.
INSERT INTO lineage.waiver (check_id, period, reason, valid_until, requested_by, approved_by)
VALUES (:check_id, :period, :reason, :valid_until, :requested_by, :approved_by)
RETURNING waiver_id;
