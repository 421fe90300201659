-- one row is a revision in force and its parts: of the newest review of what has been released of each period
SELECT
    c.period, w.review_id, w.old_computation_id, w.new_computation_id, r.indicator_id, r.cell,
    r.old_numerator, r.old_denominator, r.old_value, r.old_observations,
    r.new_numerator, r.new_denominator, r.new_value, r.new_observations,
    coalesce(p.parts, '[]') AS parts
FROM indicator.released AS l
JOIN indicator.computation AS c USING (computation_id)
JOIN LATERAL (
    SELECT * FROM indicator.review AS n WHERE n.old_computation_id = l.computation_id ORDER BY n.review_id DESC LIMIT 1
) AS w ON true
JOIN indicator.revision AS r USING (review_id)
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
        'kind', q.kind, 'numerator', q.numerator::text, 'denominator', q.denominator::text, 'value', q.value::text,
        'observations', q.observations
    ) ORDER BY q.kind) AS parts
    FROM indicator.revision_part AS q
    WHERE (q.review_id, q.indicator_id, q.cell) = (r.review_id, r.indicator_id, r.cell)
) AS p ON true
WHERE :period::text IS NULL OR c.period = :period
ORDER BY c.period_start, c.period_end, r.indicator_id, r.cell
