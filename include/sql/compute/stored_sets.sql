-- one row is a set of cells that is kept for a period; those of this very transaction may be of rows that it has changed since
SELECT set_id, indicator_id, part, as_of, definition_sha256, computation_id
FROM indicator.cell_set
WHERE period = :period AND stored_at < transaction_timestamp() AND computation_id IS NOT NULL
