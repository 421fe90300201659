-- one row is a request of the same person for the same files by the same decision that nobody has approved yet
SELECT disposal_id
FROM lineage.disposal
WHERE approved_at IS NULL
    AND (decided_on, reference, decision, files, lower(requested_by))
        = (:decided_on::date, :reference::text, :decision::text, :files::jsonb, lower(:requested_by::text))
ORDER BY disposal_id DESC
LIMIT 1
