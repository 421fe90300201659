-- one row is a reported period of which figures are now other than they were reported, by its newest comparison
SELECT l.period, w.review_id, w.reviewed_at, count(*) AS figures
FROM indicator.released AS l
JOIN LATERAL (
    SELECT n.review_id, n.reviewed_at
    FROM indicator.review AS n
    WHERE n.old_computation_id = l.computation_id
    ORDER BY n.review_id DESC
    LIMIT 1
) AS w ON true
JOIN indicator.revision AS r USING (review_id)
GROUP BY l.period, w.review_id, w.reviewed_at
ORDER BY l.period;
