-- Keep every definition that is not kept yet, and that this computation was made with them
WITH used AS (
    SELECT sha256, indicator_id, version, definition, statement, left_out
    FROM jsonb_to_recordset(:definitions) AS d (
        sha256 text, indicator_id text, version integer, definition text, statement text, left_out text
    )
), kept AS (
    INSERT INTO indicator.definition (sha256, indicator_id, version, definition, statement, left_out)
    SELECT sha256, indicator_id, version, definition, statement, left_out FROM used
    ON CONFLICT (sha256) DO NOTHING
)
INSERT INTO indicator.computation_definition (computation_id, indicator_id, sha256)
SELECT :computation_id, indicator_id, sha256 FROM used
