-- one row is a reason why cases received in the period call for no action
SELECT 'ärendet visar inte på någon brist' AS reason, count(*) AS observations
FROM core.complaint(:as_of) AS s
WHERE s.inkom_datum BETWEEN :period_start AND :period_end AND s.brist <> 'ja'
HAVING count(*) > 0
