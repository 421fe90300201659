-- Gives the next rows that land without a number the numbers from this one on.
SELECT setval(pg_get_serial_sequence('pg_temp.delivered', 'row_no'), :row_no::bigint, false)
