-- one row is the newest result of one drawn item
SELECT DISTINCT ON (r.item) r.item, r.outcome, r.reason, r.action_id, r.recorded_by, r.on_day
FROM lineage.spot_check_result AS r
WHERE r.spot_check_id = :spot_check_id
ORDER BY r.item, r.result_id DESC;
