-- one row is a table of core whose rows are told for a slice and keep their history
SELECT t.relname AS table_name
FROM pg_class AS t
JOIN pg_attribute AS a ON a.attrelid = t.oid
WHERE t.relnamespace = 'core'::regnamespace AND t.relkind IN ('r', 'p') AND has_table_privilege(t.oid, 'SELECT')
  AND a.attname IN ('sender', 'period', 'known_from', 'known_to') AND NOT a.attisdropped
GROUP BY t.relname
HAVING count(*) = 4
ORDER BY t.relname
