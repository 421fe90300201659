-- one row is a reason why answers of the period's survey are not counted
SELECT
    CASE
        WHEN i.inbjudan_id IS NULL THEN 'inbjudan finns inte längre i leveranserna'
        WHEN i.status <> 'besvarad' THEN 'enkäten är påbörjad men inte besvarad'
        ELSE 'frågan finns inte längre i leveranserna'
    END AS reason,
    count(*) AS observations
FROM core.survey_answer(:as_of) AS s
LEFT JOIN core.invitation(:as_of) AS i USING (inbjudan_id)
LEFT JOIN core.survey_question(:as_of) AS q USING (enkat_ar, fraga_id)
-- Without its invitation nobody knows the survey of an answer: it counts for the month it was delivered for.
WHERE coalesce(i.skickad_datum, s.delivery_month) BETWEEN :period_start AND :period_end
    AND (i.status IS DISTINCT FROM 'besvarad' OR q.fraga_id IS NULL)
GROUP BY 1
