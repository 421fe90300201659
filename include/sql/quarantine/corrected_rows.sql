-- one row is a row of a delivery that a correction in force changes or leaves out
SELECT c.row_no, c.rattelse_id, c.action, c.field
FROM quarantine.corrected AS c
WHERE c.delivery_id = :delivery_id AND c.known_to = 'infinity'
ORDER BY c.row_no, c.field, c.rattelse_id
