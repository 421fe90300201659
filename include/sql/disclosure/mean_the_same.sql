-- Whether the figures of two computations mean the same: none was made by another version of its definition
SELECT NOT EXISTS (
    SELECT
    FROM indicator.computation_definition AS u
    JOIN indicator.definition AS d USING (sha256)
    JOIN indicator.computation_definition AS v ON v.computation_id = :other_id AND v.indicator_id = u.indicator_id
    JOIN indicator.definition AS e ON e.sha256 = v.sha256
    WHERE u.computation_id = :computation_id AND d.version <> e.version
);
