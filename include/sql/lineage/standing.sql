-- one row is what has become of a publication since: decided about, replaced, recalled; and what it replaces itself
SELECT
    d.decided_on, d.paragraph, d.decision,
    o.publication_id AS replaces_id, o.content_sha256 AS replaces_sha256, o.published_at AS replaces_published_at,
    c.reason AS correction_reason,
    n.publication_id AS replaced_by_id, n.published_at AS replaced_at, l.reason AS replaced_reason,
    r.approved_at AS recalled_at, r.reason AS recall_reason
FROM published.publication AS p
LEFT JOIN published.decision AS d USING (publication_id)
LEFT JOIN published.correction AS c ON c.publication_id = p.publication_id
LEFT JOIN published.publication AS o ON o.publication_id = c.replaces_id
LEFT JOIN published.correction AS l ON l.replaces_id = p.publication_id
LEFT JOIN published.publication AS n ON n.publication_id = l.publication_id
LEFT JOIN published.recall AS r ON r.publication_id = p.publication_id AND r.approved_at IS NOT NULL
WHERE p.publication_id = :publication_id;
