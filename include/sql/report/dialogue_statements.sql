-- one row is one thing that one provider said in its dialogue of a year
SELECT s.provider, s.day, s.kind, s.theme, s."text"
FROM register.dialogue_statement(:as_of, :year) AS s
WHERE s.provider = :provider
ORDER BY s.day, s.kind DESC, s.place, s.theme;
