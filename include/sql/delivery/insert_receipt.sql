-- Reserve one recipient's copy of a publication, unless it already is.
INSERT INTO lineage.receipt (publication_id, recipient_id, channel, address, content_sha256, reference)
VALUES (:publication_id, :recipient_id, :channel, :address, :content_sha256, :reference)
ON CONFLICT ON CONSTRAINT receipt_once DO NOTHING;
