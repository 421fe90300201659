-- Closes codes that the catalogue no longer has, or says something else of.
UPDATE core.code AS k
SET known_to = :known_at
WHERE k.known_to = 'infinity' AND NOT EXISTS (
    SELECT
    FROM jsonb_to_recordset(:codes::jsonb) AS c (
        code_list text, code text, title text, position integer, valid_from date, valid_to date, attributes jsonb
    )
    WHERE (c.code_list, c.code, c.title, c.position, c.valid_from, c.valid_to, c.attributes)
        = (k.code_list, k.code, k.title, k.position, k.valid_from, k.valid_to, k.attributes)
)
