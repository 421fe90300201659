-- one row is a reason why results of controls in the period are not counted
SELECT
    CASE
        WHEN r.utfall = 'ej_genomford' THEN 'kontrollen är inte genomförd'
        ELSE 'kontrollpunkten finns inte längre i leveranserna'
    END AS reason,
    count(*) AS observations
FROM core.control_result(:as_of) AS r
LEFT JOIN core.control_point(:as_of) AS p USING (kontroll_id)
WHERE r.datum BETWEEN :period_start AND :period_end AND (r.utfall = 'ej_genomford' OR p.kontroll_id IS NULL)
GROUP BY 1
