-- one row is a protection: with a given number, or the newest of a computation
SELECT
    p.protection_id, p.computation_id, c.period, p.made_at, p.grouping, p.companions, p.against, p.cells, p.hidden,
    p.figures_sha256, p.method, p.copied_from
FROM indicator.protection AS p
JOIN indicator.computation AS c USING (computation_id)
WHERE (:protection_id::bigint IS NULL OR p.protection_id = :protection_id)
  AND (:computation_id::bigint IS NULL OR p.computation_id = :computation_id)
ORDER BY p.protection_id DESC
LIMIT 1;
