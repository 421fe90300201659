-- one row is a recipient that has an earlier version of a publication, and the way it last got one
WITH RECURSIVE earlier AS (
    SELECT c.replaces_id AS publication_id
    FROM published.correction AS c
    WHERE c.publication_id = :publication_id
    UNION
    SELECT c.replaces_id
    FROM published.correction AS c
    JOIN earlier AS e ON c.publication_id = e.publication_id
)
SELECT DISTINCT ON (r.recipient_id) r.recipient_id, r.channel, r.address
FROM lineage.receipt AS r
JOIN earlier AS e USING (publication_id)
WHERE r.delivered_at IS NOT NULL
ORDER BY r.recipient_id, r.receipt_id DESC;
