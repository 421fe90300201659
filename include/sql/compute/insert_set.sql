-- Enters a set of cells that is about to be filled
INSERT INTO indicator.cell_set (indicator_id, part, period, as_of, definition_sha256)
VALUES (:indicator_id, :part, :period, :as_of, :definition_sha256)
RETURNING set_id
