-- register.effect_followup(as_of, first_day, last_day): one row is a reached exit whose follow-up falls due between the days.
SET LOCAL ROLE arshjul_owner;

-- Security definer: gives a provider's own number of an enrolment and never the person. Unprotected: not for reports.
CREATE OR REPLACE FUNCTION register.effect_followup(as_of timestamptz, first_day date, last_day date)
RETURNS TABLE (provider text, name text, email text, insats_id text, months integer, due date, status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT
        f.anordnare, coalesce(p.namn, f.anordnare), coalesce(p.epost, ''),
        substr(f.observation_id, length(f.anordnare) + 2), after.months, f.due_date, f.status
    FROM (VALUES (3), (6), (12)) AS after (months)
    CROSS JOIN LATERAL core.follow_up(effect_followup.as_of, after.months) AS f
    LEFT JOIN core.provider(effect_followup.as_of) AS p ON p.orgnr = f.anordnare
    WHERE f.due_date BETWEEN effect_followup.first_day AND effect_followup.last_day
$$;
COMMENT ON FUNCTION register.effect_followup IS
'Reached exits whose follow-up after 3, 6 or 12 months falls due between two days, and what was told of it; unprotected';
REVOKE EXECUTE ON FUNCTION register.effect_followup FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.effect_followup TO arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
