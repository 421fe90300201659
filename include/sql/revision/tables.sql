-- one row is a table of core whose rows are told for a slice and keep their history
SELECT c.table_name
FROM information_schema.columns AS c
JOIN pg_class AS t ON t.relname = c.table_name AND t.relnamespace = 'core'::regnamespace AND t.relkind IN ('r', 'p')
WHERE c.table_schema = 'core' AND c.column_name IN ('sender', 'period', 'known_from', 'known_to')
GROUP BY c.table_name
HAVING count(*) = 4
ORDER BY c.table_name
