-- Keep every cell whose figure changed: a cell in which nothing was observed has no row, and counts as nought
INSERT INTO indicator.revision (
    review_id, indicator_id, cell, disclosure,
    old_numerator, old_denominator, old_value, old_observations,
    new_numerator, new_denominator, new_value, new_observations
)
SELECT
    :review_id, indicator_id, cell, t.disclosure,
    coalesce(e.numerator, 0), CASE WHEN t.has_denominator THEN coalesce(e.denominator, 0) END,
    CASE WHEN t.is_amount THEN coalesce(e.value, 0) ELSE e.value END, coalesce(e.observations, 0),
    coalesce(l.numerator, 0), CASE WHEN t.has_denominator THEN coalesce(l.denominator, 0) END,
    CASE WHEN t.is_amount THEN coalesce(l.value, 0) ELSE l.value END, coalesce(l.observations, 0)
FROM (SELECT * FROM pg_temp.revision_cell WHERE stage = 0) AS e
FULL JOIN (SELECT * FROM pg_temp.revision_cell WHERE stage = :last) AS l USING (indicator_id, cell)
JOIN jsonb_to_recordset(:indicators) AS t (
    indicator_id text, disclosure text, has_denominator boolean, is_amount boolean
) USING (indicator_id)
WHERE (e.numerator, e.denominator, e.value, e.observations)
    IS DISTINCT FROM (l.numerator, l.denominator, l.value, l.observations)
