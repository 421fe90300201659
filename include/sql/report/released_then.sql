-- one row is the public table of a period that had left the house at a time, the newest of those that tell the most
SELECT o.computation_id, o.protection_id
FROM indicator.release AS l
JOIN indicator.protection AS o USING (protection_id)
JOIN indicator.computation AS c USING (computation_id)
WHERE c.period = :period AND l.released_at <= :as_of
ORDER BY
    (SELECT count(DISTINCT v.indicator_id) FROM indicator.public_value AS v WHERE v.protection_id = o.protection_id) DESC,
    l.release_id DESC
LIMIT 1;
