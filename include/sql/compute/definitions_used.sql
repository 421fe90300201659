-- one row is one indicator of a computation and the definition it was made with
SELECT u.indicator_id, d.version, d.sha256, d.definition, d.statement, d.left_out
FROM indicator.computation_definition AS u
JOIN indicator.definition AS d USING (sha256)
WHERE u.computation_id = :computation_id
ORDER BY u.indicator_id
