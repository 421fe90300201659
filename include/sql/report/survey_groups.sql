-- one row is a channel, or a provider with the customers who should be invited, and how those invited answered
WITH response AS (
    SELECT r.provider, r.channel, r.channel_title, r.status FROM register.survey_response(:as_of, :year) AS r
), by_channel AS (
    SELECT
        'kanal' AS kind, r.channel AS code, r.channel_title AS title, NULL::bigint AS frame, count(*) AS invited,
        count(*) FILTER (WHERE r.status = 'paborjad') AS begun,
        count(*) FILTER (WHERE r.status = 'besvarad') AS completed
    FROM response AS r
    GROUP BY r.channel, r.channel_title
), by_provider AS (
    SELECT
        r.provider AS code, count(*) AS invited,
        count(*) FILTER (WHERE r.status = 'paborjad') AS begun,
        count(*) FILTER (WHERE r.status = 'besvarad') AS completed
    FROM response AS r
    GROUP BY r.provider
)
SELECT c.kind, c.code, c.title, c.frame, c.invited, c.begun, c.completed
FROM by_channel AS c
UNION ALL
SELECT
    'anordnare', coalesce(p.code, f.provider), coalesce(l.title, p.code, f.provider), coalesce(f.customers, 0),
    coalesce(p.invited, 0), coalesce(p.begun, 0), coalesce(p.completed, 0)
FROM by_provider AS p
FULL JOIN register.survey_frame(:as_of, :frame_day) AS f ON f.provider = p.code
LEFT JOIN indicator.label(:as_of) AS l ON l.breakdown = 'anordnare' AND l.code = coalesce(p.code, f.provider)
ORDER BY kind DESC, title, code;
