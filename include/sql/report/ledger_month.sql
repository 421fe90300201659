-- register.ledger_month(as_of): one row is budget and outcome of one object and month, and when anything of it was first told.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of registers do not reach core. Single accounts are not told.
CREATE OR REPLACE FUNCTION register.ledger_month(as_of timestamptz)
RETURNS TABLE (
    object_id text,
    object_name text,
    month date,
    budget numeric,
    outcome numeric,
    known_on date
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH first_told AS (
        SELECT e.objekt_id, e.manad, min(e.known_from) AS at
        FROM core.ekonomi AS e
        WHERE e.known_from <= ledger_month.as_of
        GROUP BY e.objekt_id, e.manad
    )
    SELECT
        l.objekt_id, coalesce(max(o.namn), l.objekt_id), l.manad, sum(l.budget), sum(l.utfall),
        (max(f.at) AT TIME ZONE 'Europe/Stockholm')::date
    FROM core.ledger(ledger_month.as_of) AS l
    JOIN first_told AS f ON f.objekt_id = l.objekt_id AND f.manad = l.manad
    LEFT JOIN core.follow_up_object(ledger_month.as_of) AS o ON o.objekt_id = l.objekt_id
    GROUP BY l.objekt_id, l.manad
$$;
COMMENT ON FUNCTION register.ledger_month IS 'Budget and outcome by object and month as known at a time, and the day in Sweden it was first told';
GRANT EXECUTE ON FUNCTION register.ledger_month TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
