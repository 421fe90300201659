-- one row is one year's survey as a whole
SELECT
    min(r.sent) AS first_sent,
    max(r.sent) AS last_sent,
    count(*) AS invited,
    count(*) FILTER (WHERE r.status = 'paborjad') AS begun,
    count(*) FILTER (WHERE r.status = 'besvarad') AS completed
FROM register.survey_response(:as_of, :year) AS r;
