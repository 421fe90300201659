-- Note that the receiving system took over.
UPDATE lineage.paper_receipt SET delivered_at = clock_timestamp() WHERE paper_receipt_id = :paper_receipt_id;
