-- one row is a question of one year's survey with the wording that was asked, of the year reported and the year before
SELECT q.survey_year, q.fraga_id, q.block, q.wording_version
FROM indicator.survey_question(:as_of) AS q
WHERE q.survey_year IN (:year, :year - 1)
ORDER BY q.survey_year, q.fraga_id;
