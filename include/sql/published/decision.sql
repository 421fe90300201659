-- one row is what the board decided about a publication
SELECT decision_id, publication_id, content_sha256, decided_on, paragraph, decision, recorded_by, recorded_at
FROM published.decision
WHERE publication_id = :publication_id;
