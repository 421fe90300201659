-- one row is a theme of a year's dialogues with how many providers raised it, of how many
SELECT
    s.kind, min(s.theme) AS theme, count(DISTINCT s.provider) AS providers,
    (SELECT count(DISTINCT a.provider) FROM register.dialogue_statement(:as_of, :year) AS a) AS of
FROM register.dialogue_statement(:as_of, :year) AS s
-- However it was typed: the same words are the same theme.
GROUP BY s.kind, lower(btrim(s.theme))
ORDER BY s.kind DESC, providers DESC, min(s.theme);
