-- Closes what corrections did to rows of a delivery and no longer do.
UPDATE quarantine.corrected AS q
SET known_to = clock_timestamp()
WHERE q.delivery_id = :delivery_id AND q.known_to = 'infinity' AND NOT EXISTS (
    SELECT
    FROM pg_temp.corrected AS c
    WHERE (c.row_no, c.rattelse_id, c.action, c.field) = (q.row_no, q.rattelse_id, q.action, q.field)
)
