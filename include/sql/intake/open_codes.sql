-- Opens codes that the catalogue has and the database does not know yet.
INSERT INTO core.code (code_list, code, title, position, valid_from, valid_to, attributes, known_from)
SELECT c.code_list, c.code, c.title, c.position, c.valid_from, c.valid_to, c.attributes, :known_at
FROM jsonb_to_recordset(:codes::jsonb) AS c (
    code_list text, code text, title text, position integer, valid_from date, valid_to date, attributes jsonb
)
WHERE NOT EXISTS (
    SELECT FROM core.code AS k
    WHERE k.code_list = c.code_list AND k.code = c.code AND k.known_to = 'infinity'
)
