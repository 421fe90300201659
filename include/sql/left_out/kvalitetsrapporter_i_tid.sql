-- one row is a reason why quality reports for the year that ends in the period are not counted
SELECT 'rapporten krävs inte av objektet det året' AS reason, count(*) AS observations
FROM core.quality_report(:as_of) AS r
WHERE make_date(r.ar, 12, 31) BETWEEN :period_start AND :period_end
    AND NOT EXISTS (SELECT FROM core.report_owed(:as_of, r.ar) AS o WHERE o.objekt_id = r.objekt_id)
HAVING count(*) > 0
