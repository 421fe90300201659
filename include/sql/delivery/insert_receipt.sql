-- Reserve one recipient's copy of a publication, unless it already is; nothing of what has been recalled or replaced.
INSERT INTO lineage.receipt (publication_id, recipient_id, channel, address, content_sha256, reference)
SELECT :publication_id, :recipient_id, :channel, :address, :content_sha256, :reference
WHERE NOT EXISTS (SELECT FROM published.correction AS c WHERE c.replaces_id = :publication_id)
    AND NOT EXISTS (
        SELECT FROM published.recall AS l WHERE l.publication_id = :publication_id AND l.approved_at IS NOT NULL
    )
ON CONFLICT ON CONSTRAINT receipt_once DO NOTHING;
