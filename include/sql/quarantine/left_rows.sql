-- one row is one reason that no longer keeps a row out, with when and why it went
SELECT
    d.dataset, d.sender, d.period, d.delivery_id, q.row_no, q.field, q.rule, q.text, q.known_from,
    least(q.known_to, replaced.judged_at) AS left_at,
    CASE WHEN q.known_to < 'infinity' THEN judged.because ELSE 'ersatt' END AS because
FROM quarantine.reason AS q
JOIN lineage.delivery AS d ON d.delivery_id = q.delivery_id
-- The judgement that let it go: the first one after.
LEFT JOIN LATERAL (
    SELECT j.because
    FROM lineage.judgement AS j
    WHERE j.delivery_id = q.delivery_id AND j.judged_at >= q.known_to
    ORDER BY j.judged_at
    LIMIT 1
) AS judged ON true
-- The delivery that replaced this one.
LEFT JOIN LATERAL (
    SELECT min(j.judged_at) AS judged_at
    FROM lineage.delivery AS n
    JOIN lineage.judgement AS j ON j.delivery_id = n.delivery_id
    WHERE NOT d.is_current AND (n.dataset, n.sender, n.period) = (d.dataset, d.sender, d.period) AND j.judged_at > d.judged_at
) AS replaced ON true
WHERE (q.known_to < 'infinity' OR NOT d.is_current)
    AND d.dataset = coalesce(:dataset, d.dataset)
    AND d.sender = coalesce(:sender, d.sender)
    AND d.period = coalesce(:period, d.period)
    AND q.rule = coalesce(:rule, q.rule)
ORDER BY left_at, d.delivery_id, q.row_no, q.field, q.rule
