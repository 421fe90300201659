-- Keep what the board decided about a publication, unless it has decided already.
INSERT INTO published.decision (publication_id, content_sha256, decided_on, paragraph, decision, recorded_by)
SELECT p.publication_id, p.content_sha256, :decided_on, :paragraph, :decision, :recorded_by
FROM published.publication AS p
WHERE p.publication_id = :publication_id
ON CONFLICT ON CONSTRAINT decision_once DO NOTHING;
