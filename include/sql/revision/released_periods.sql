-- one row is a released period, its computation, and the newest computation it has been compared with
SELECT
    c.computation_id, c.period, c.as_of, c.run_id, c.catalogue_sha256, c.computed_at, w.new_computation_id
FROM indicator.released AS l
JOIN indicator.computation AS c USING (computation_id)
LEFT JOIN LATERAL (
    SELECT n.new_computation_id
    FROM indicator.review AS n
    WHERE n.old_computation_id = c.computation_id
    ORDER BY n.review_id DESC
    LIMIT 1
) AS w ON true
ORDER BY c.period_start, c.period_end
