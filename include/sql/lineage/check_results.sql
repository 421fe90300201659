-- one row is the outcome of one check in one check run, with the reason of the waiver that let it pass
SELECT
    r.check_id, r.title, r.severity, r.is_success, r.evaluated, r.unexpected, r.action, r.waiver_id,
    w.reason AS waiver_reason
FROM lineage.check_result AS r
LEFT JOIN lineage.waiver AS w ON w.waiver_id = r.waiver_id
WHERE r.check_run_id = :check_run_id
ORDER BY r.check_id;
