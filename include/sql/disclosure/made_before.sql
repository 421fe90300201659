-- one row is a protection of a period's figures when they had just these numbers; the newest first
SELECT
    p.protection_id, p.computation_id, c.period, p.made_at, p.grouping, p.companions, p.against, p.cells, p.hidden,
    p.figures_sha256, p.method, p.copied_from
FROM indicator.protection AS p
JOIN indicator.computation AS c USING (computation_id)
WHERE c.period = :period AND p.figures_sha256 = :figures_sha256 AND p.copied_from IS NULL
ORDER BY p.protection_id DESC;
