-- one row is a protection whose public table has left the house; what was copied stands for what it was copied from
SELECT coalesce(p.copied_from, p.protection_id) AS protection_id, min(r.release_id) AS first_release
FROM indicator.release AS r
JOIN indicator.protection AS p USING (protection_id)
GROUP BY 1
ORDER BY first_release;
