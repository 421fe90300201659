-- one row is a reason why visits of the officers with a day in the period are not counted
SELECT
    CASE b.status WHEN 'installt' THEN 'besöket ställdes in' ELSE 'besöket är planerat men inte redovisat' END AS reason,
    count(*) AS observations
FROM core.visit(:as_of) AS b
WHERE b.datum BETWEEN :period_start AND :period_end AND b.typ = 'tjanstemannabesok' AND b.status <> 'genomfort'
GROUP BY 1
