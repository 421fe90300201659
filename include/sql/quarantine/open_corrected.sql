-- Keeps what corrections do to rows of a delivery, without values.
INSERT INTO quarantine.corrected (delivery_id, row_no, rattelse_id, action, field)
SELECT :delivery_id, c.row_no, c.rattelse_id, c.action, c.field
FROM pg_temp.corrected AS c
ORDER BY c.row_no, c.rattelse_id
ON CONFLICT DO NOTHING
