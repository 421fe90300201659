-- register.control_point(as_of): one row is one control point with its level in words.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of registers do not reach core.
CREATE OR REPLACE FUNCTION register.control_point(as_of timestamptz)
RETURNS TABLE (
    control_id text,
    level text,
    level_title text,
    place bigint,
    object_id text,
    risk integer,
    text text,
    method text,
    check_id text,
    frequency text,
    responsible text,
    ends date
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT
        k.kontroll_id, k.niva, coalesce(w.title, k.niva), coalesce(w.position, 0)::bigint, k.objekt_id, k.risk,
        k.beskrivning, k.metod, k.check_id, k.frekvens, k.ansvarig, k.closed_from - 1
    FROM core.control_point(control_point.as_of) AS k
    LEFT JOIN core.code AS w
        ON w.code_list = 'kontrollnivaer' AND w.code = k.niva
        AND w.known_from <= control_point.as_of AND control_point.as_of < w.known_to
$$;
COMMENT ON FUNCTION register.control_point IS 'Control points as known at a time, in words, with the last day of each';
GRANT EXECUTE ON FUNCTION register.control_point TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
