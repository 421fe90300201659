-- Remembers which computation's values were made of the sets that were stored for it
UPDATE indicator.cell_set
SET computation_id = :computation_id
WHERE set_id = ANY(:set_ids)
