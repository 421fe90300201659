-- one row is one question of a year's survey with how it was answered
SELECT m.question_id, m.block, m.wording, m.wording_version, m.answers, m.sum_of_marks
FROM register.survey_mark(:as_of, :year) AS m
ORDER BY m.question_id;
