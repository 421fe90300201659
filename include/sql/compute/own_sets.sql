-- Remembers which computation's values were made of the sets that it has stored
UPDATE indicator.cell_set
SET computation_id = :computation_id
WHERE period = :period AND stored_at = transaction_timestamp() AND computation_id IS NULL
