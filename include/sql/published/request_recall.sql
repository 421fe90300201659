-- Ask for a publication to be recalled, unless the same person has asked for the same reason already.
INSERT INTO published.recall (publication_id, reason, requested_by)
SELECT :publication_id, :reason::text, :requested_by::text
WHERE NOT EXISTS (
    SELECT FROM published.recall AS r
    WHERE r.publication_id = :publication_id AND r.reason = :reason::text AND r.requested_by = :requested_by::text
        AND r.approved_at IS NULL
);
