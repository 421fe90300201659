-- one row is a recipient that lacks a publication: the newest of its report, or one that was begun to be sent
SELECT p.publication_id, p.report_id, p.period, p.published_at, wanted.recipient_id, wanted.channel, r.reserved_at
FROM published.publication AS p
JOIN jsonb_to_recordset(:recipients::jsonb) AS wanted (recipient_id text, channel text, report_id text)
    ON wanted.report_id = p.report_id
LEFT JOIN lineage.receipt AS r
    ON r.publication_id = p.publication_id AND r.recipient_id = wanted.recipient_id AND r.channel = wanted.channel
WHERE r.delivered_at IS NULL
    AND NOT EXISTS (SELECT FROM published.correction AS c WHERE c.replaces_id = p.publication_id)
    AND NOT EXISTS (
        SELECT FROM published.recall AS l WHERE l.publication_id = p.publication_id AND l.approved_at IS NOT NULL
    )
    AND (
        r.receipt_id IS NOT NULL
        OR p.publication_id = (
            SELECT max(n.publication_id) FROM published.publication AS n WHERE n.report_id = p.report_id
        )
    )
ORDER BY p.publication_id, wanted.recipient_id;
