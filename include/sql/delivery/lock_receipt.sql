-- one row is the reserved copy, kept from everybody else until this transaction ends
SELECT
    receipt_id, publication_id, recipient_id, channel, address, content_sha256, reference, reserved_at, delivered_at
FROM lineage.receipt
WHERE publication_id = :publication_id AND recipient_id = :recipient_id AND channel = :channel
FOR UPDATE;
