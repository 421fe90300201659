-- Record the outcome of every check of one check run.
INSERT INTO lineage.check_result
    (check_run_id, check_id, title, severity, is_success, evaluated, unexpected, action, waiver_id)
SELECT :check_run_id, r.check_id, r.title, r.severity, r.is_success, r.evaluated, r.unexpected, r.action, r.waiver_id
FROM jsonb_to_recordset(:results::jsonb) AS r (
    check_id text, title text, severity text, is_success boolean, evaluated bigint, unexpected bigint, action text,
    waiver_id bigint
)
ORDER BY r.check_id;
