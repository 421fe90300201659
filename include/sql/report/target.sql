-- indicator.target(as_of, year): one row is a goal with a value for an indicator, for all programmes or for one.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of reports get the board's goals without reaching core. What else a goal says, and the
-- council's goals, stand in indicator.goal.
CREATE OR REPLACE FUNCTION indicator.target(as_of timestamptz, year integer)
RETURNS TABLE (mal_id text, goal text, indicator_id text, insatstyp text, target numeric, direction text, tolerance numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT DISTINCT ON (g.indicator_id, g.insatstyp)
        g.mal_id, g.goal, g.indicator_id, g.insatstyp, g.target, g.direction, g.tolerance
    FROM indicator.goal(target.as_of, target.year) AS g
    WHERE g.level = 'namnd' AND g.indicator_id IS NOT NULL AND g.target IS NOT NULL
    ORDER BY g.indicator_id, g.insatstyp, g.mal_id
$$;
COMMENT ON FUNCTION indicator.target IS 'The board''s goals that have a value, as known at a time, for one year';
GRANT EXECUTE ON FUNCTION indicator.target TO arshjul_report, arshjul_compute, arshjul_audit;

RESET ROLE;
