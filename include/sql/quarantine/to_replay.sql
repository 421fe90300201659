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
        ELSE d.rules_sha256 <> f.sha256
    END
