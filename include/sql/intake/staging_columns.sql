-- one row is a column of a staging table, as the database has it
SELECT c.relname::text AS table_name, a.attname::text AS name, t.typname::text AS type, col_description(c.oid, a.attnum) AS comment
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS t ON t.oid = a.atttypid
WHERE c.relnamespace = 'staging'::regnamespace AND c.relkind = 'r'
ORDER BY c.relname, a.attnum
