-- one row is a reason why one row of a delivery is not loaded
SELECT q.row_no AS row, q.field, q.rule, q.text
FROM quarantine.row AS q
WHERE q.delivery_id = :delivery_id
ORDER BY q.row_no, q.field, q.rule
