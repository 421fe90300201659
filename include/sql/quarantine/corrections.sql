-- one row is a correction in force, with what it does to the delivery that counts
SELECT
    c.rattelse_id, c.dataset, c.sender, c.period, c.action, c.field, c.decided_on, c.delivery_id, c.rows_corrected
FROM quarantine.correction AS c
WHERE c.dataset = coalesce(:dataset, c.dataset)
    AND c.sender = coalesce(:sender, c.sender)
    AND c.period = coalesce(:period, c.period)
ORDER BY c.rattelse_id
