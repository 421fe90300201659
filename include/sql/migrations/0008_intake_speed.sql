-- Core tables that take a million rows in seconds: one index each where there were two or three, no look-up for each row.
SET LOCAL ROLE arshjul_owner;

-- The ledger is append only and its numbers are never deleted: looking up the same delivery once for every row of it took
-- more than a third of the time of a load.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN
        SELECT c.conrelid::regclass AS table_name, c.conname
        FROM pg_constraint AS c
        WHERE c.contype = 'f' AND c.connamespace = 'core'::regnamespace AND c.confrelid = 'lineage.delivery'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.table_name, key.conname);
    END LOOP;
END
$$;

-- The key of what is known begins with the slice (sender, period), so that it also finds a slice.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN
        SELECT i.indrelid::regclass AS table_name, c.relname AS name, i.indnullsnotdistinct, columns.reordered
        FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid AND c.relnamespace = 'core'::regnamespace
        CROSS JOIN LATERAL (
            SELECT
                string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname <> 'sender', a.attname <> 'period', k.place)
                    AS reordered,
                count(*) FILTER (WHERE a.attname IN ('sender', 'period')) AS of_slice
            FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number
        ) AS columns
        WHERE i.indisunique AND c.relname LIKE '%\_current' AND columns.of_slice = 2
    LOOP
        EXECUTE format('DROP INDEX core.%I', key.name);
        EXECUTE format(
            'CREATE UNIQUE INDEX %I ON %s (%s) %s WHERE known_to = ''infinity''',
            key.name, key.table_name, key.reordered,
            CASE WHEN key.indnullsnotdistinct THEN 'NULLS NOT DISTINCT' ELSE '' END
        );
    END LOOP;
    FOR key IN
        SELECT c.relname AS name FROM pg_class AS c
        WHERE c.relnamespace = 'core'::regnamespace AND c.relkind = 'i' AND c.relname LIKE '%\_slice'
    LOOP
        EXECUTE format('DROP INDEX core.%I', key.name);
    END LOOP;
END
$$;

-- Attendance is the one table whose rows are counted in millions. Reading it as of a time goes through all of it, and then
-- sorts about as fast as this index gave the order, which cost every load as much as its key.
DROP INDEX core.narvaro_history;

RESET ROLE;
