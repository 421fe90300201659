-- one row is a delivery that counts and can be judged again, and whether the rules have changed since it was judged
SELECT d.delivery_id, d.dataset, d.sender, d.period, coalesce(d.rules_sha256 <> f.sha256, false) AS is_outdated
FROM lineage.delivery AS d
LEFT JOIN jsonb_each_text(:fingerprints::jsonb) AS f (dataset, sha256) ON f.dataset = d.dataset
WHERE d.is_current
    AND d.delivery_id = coalesce(:delivery_id, d.delivery_id)
    AND d.dataset = coalesce(:dataset, d.dataset)
    AND d.sender = coalesce(:sender, d.sender)
    AND d.period = coalesce(:period, d.period)
    AND CASE :reach
        WHEN 'alla' THEN true
        WHEN 'karantan' THEN d.rows_quarantined > 0 OR d.rules_sha256 <> f.sha256
        -- What waits for a parent that has been judged since goes along: a worker may have been killed between the two.
        ELSE d.rules_sha256 <> f.sha256 OR (
            EXISTS (SELECT FROM quarantine.row AS q WHERE q.delivery_id = d.delivery_id AND q.rule = ANY(:parent_rules))
            AND EXISTS (
                SELECT
                FROM lineage.delivery AS p
                WHERE p.is_current
                    AND p.dataset IN (SELECT jsonb_array_elements_text(:parents::jsonb -> d.dataset))
                    AND p.period <= d.period
                    AND p.judged_at > d.judged_at
            )
        )
    END
