-- Approve the newest request to recall a publication.
UPDATE published.recall AS r SET approved_by = :approved_by, approved_at = clock_timestamp()
WHERE r.recall_id = (
    SELECT max(o.recall_id) FROM published.recall AS o
    WHERE o.publication_id = :publication_id AND o.approved_at IS NULL
);
