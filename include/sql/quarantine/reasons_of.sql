-- one row is a reason why rows of a delivery are not loaded, with the numbers of all of them
SELECT q.field, q.rule, q.text, array_agg(q.row_no) AS rows
FROM quarantine.row AS q
WHERE q.delivery_id = :delivery_id
GROUP BY q.field, q.rule, q.text
