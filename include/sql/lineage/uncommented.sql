-- one row is a table (column null) or a column of the warehouse that does not explain itself
SELECT
    n.nspname || '.' || c.relname AS table_name,
    a.attname AS column_name
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (VALUES (0), (a.attnum)) AS place (number)
WHERE c.relkind IN ('r', 'p', 'v', 'm')
  AND n.nspname !~ '^(pg_|information_schema)'
  AND coalesce(col_description(c.oid, nullif(place.number, 0)), '') = ''
  AND (place.number <> 0 OR coalesce(obj_description(c.oid, 'pg_class'), '') = '')
ORDER BY 1, 2;
