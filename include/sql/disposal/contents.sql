-- one row is a content that a disposal destroys: no delivery that is kept has it
-- The same bytes may have come again since it was approved. The last disposal that names one of their deliveries destroys them.
SELECT DISTINCT f.value ->> 'sha256' AS sha256
FROM lineage.disposal AS s
CROSS JOIN jsonb_array_elements(s.files) AS f
WHERE s.disposal_id = :disposal_id
    AND NOT EXISTS (
        SELECT FROM lineage.delivery AS d
        WHERE d.sha256 = f.value ->> 'sha256'
            AND NOT EXISTS (
                SELECT FROM lineage.disposal AS g
                WHERE (g.done_at IS NOT NULL OR g.disposal_id = s.disposal_id)
                    AND g.files @> jsonb_build_array(jsonb_build_object('delivery_id', d.delivery_id))
            )
    )
ORDER BY sha256
