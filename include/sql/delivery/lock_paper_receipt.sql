-- one row is the reserved copy, kept from everybody else until this transaction ends
SELECT paper_receipt_id, channel, address, reference, reserved_at, delivered_at
FROM lineage.paper_receipt
WHERE paper_id = :paper_id AND recipient_id = :recipient_id AND channel = :channel
FOR UPDATE;
