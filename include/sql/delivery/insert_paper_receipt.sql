-- Reserve one reader's copy of a working paper, unless it already is.
INSERT INTO lineage.paper_receipt (paper_id, recipient_id, channel, address, reference)
VALUES (:paper_id, :recipient_id, :channel, :address, :reference)
ON CONFLICT ON CONSTRAINT paper_receipt_once DO NOTHING;
