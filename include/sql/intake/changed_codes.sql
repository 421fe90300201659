-- Tells whether the catalogue's code lists differ from those the database knows.
SELECT EXISTS (
    SELECT
    FROM jsonb_to_recordset(:codes::jsonb) AS c (
        code_list text, code text, title text, position integer, valid_from date, valid_to date, attributes jsonb
    )
    FULL JOIN (SELECT * FROM core.code WHERE known_to = 'infinity') AS k USING (code_list, code)
    WHERE (c.title, c.position, c.valid_from, c.valid_to, c.attributes)
        IS DISTINCT FROM (k.title, k.position, k.valid_from, k.valid_to, k.attributes)
)
