-- register.control_result(as_of): one row is what one control found on one day, with the actions that come of it.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of registers do not reach core. An action names the result as point and day (IK-1/2026-03-12).
CREATE OR REPLACE FUNCTION register.control_result(as_of timestamptz)
RETURNS TABLE (control_id text, day date, outcome text, observation text, action_ids text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH linked AS (
        SELECT a.kall_id, array_agg(a.atgard_id ORDER BY a.atgard_id COLLATE "C") AS action_ids
        FROM core.action(control_result.as_of) AS a
        WHERE a.kalla = 'internkontroll'
        GROUP BY a.kall_id
    )
    SELECT
        r.kontroll_id, r.datum, r.utfall, r.iakttagelse,
        coalesce(l.action_ids, '{}') ||
            CASE WHEN r.atgard_id IS NULL OR r.atgard_id = ANY (l.action_ids) THEN '{}' ELSE ARRAY[r.atgard_id] END
    FROM core.control_result(control_result.as_of) AS r
    LEFT JOIN linked AS l ON l.kall_id = r.kontroll_id || '/' || to_char(r.datum, 'YYYY-MM-DD')
$$;
COMMENT ON FUNCTION register.control_result IS 'Results of internal control as known at a time, with the actions that come of them';
GRANT EXECUTE ON FUNCTION register.control_result TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
