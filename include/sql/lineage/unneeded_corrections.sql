-- one row is a correction in force that nothing in the delivery that counts needs any more
SELECT c.rattelse_id, c.dataset, c.sender, to_char(c.period, 'YYYY-MM') AS period
FROM quarantine.correction AS c
WHERE c.delivery_id IS NOT NULL AND c.rows_corrected = 0
ORDER BY c.rattelse_id;
