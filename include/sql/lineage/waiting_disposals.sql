-- one row is a disposal that has been asked for and is not done: it waits for another person, or was interrupted
-- A request that another disposal or a newer request has taken the place of waits for nobody.
SELECT s.disposal_id, s.reference, s.approved_at IS NOT NULL AS is_approved, jsonb_array_length(s.files) AS files
FROM lineage.disposal AS s
WHERE s.done_at IS NULL
    AND (s.approved_at IS NOT NULL OR NOT (
        EXISTS (SELECT FROM lineage.disposal AS n WHERE n.disposal_id > s.disposal_id AND n.files @> s.files)
        OR EXISTS (
            SELECT FROM jsonb_array_elements(s.files) AS f
            JOIN lineage.disposal AS a ON a.approved_at IS NOT NULL AND a.files @> jsonb_build_array(f.value)
        )
    ))
ORDER BY s.disposal_id
