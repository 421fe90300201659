-- one row is an indicator of which two stages differ in some cell
SELECT DISTINCT indicator_id
FROM (SELECT * FROM pg_temp.revision_cell WHERE stage = :earlier) AS e
FULL JOIN (SELECT * FROM pg_temp.revision_cell WHERE stage = :later) AS l USING (indicator_id, cell)
WHERE (:indicator_id::text IS NULL OR indicator_id = :indicator_id)
    AND (e.numerator, e.denominator, e.value, e.observations)
    IS DISTINCT FROM (l.numerator, l.denominator, l.value, l.observations)
ORDER BY indicator_id
