-- one row is the definition that a computation was made with, as it was written then
SELECT d.indicator_id, d.definition
FROM indicator.computation_definition AS u
JOIN indicator.definition AS d USING (sha256)
WHERE u.computation_id = :computation_id;
