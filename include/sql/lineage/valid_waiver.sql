-- one row is the waiver that lasts longest of those that let a check pass for a period on a day
SELECT waiver_id, check_id, period, reason, valid_until, requested_by, requested_at, approved_by, approved_at
FROM lineage.waiver
WHERE check_id = :check_id AND period = :period AND valid_until >= :on_date
ORDER BY valid_until DESC, waiver_id DESC
LIMIT 1;
