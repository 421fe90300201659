-- one row is a copy of a publication; a copy that is being handed over is waited for
SELECT
    receipt_id, publication_id, recipient_id, channel, address, content_sha256, reference, reserved_at, delivered_at
FROM lineage.receipt
WHERE publication_id = :publication_id
ORDER BY receipt_id
FOR UPDATE;
