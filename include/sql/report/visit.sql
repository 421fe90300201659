-- register.visit(as_of): one row is one visit, with whether there are notes and which quality report it could follow up.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of registers do not reach core. The notes themselves are not even in core.
CREATE OR REPLACE FUNCTION register.visit(as_of timestamptz)
RETURNS TABLE (
    visit_id text,
    kind text,
    day date,
    object_id text,
    object_name text,
    who text,
    status text,
    has_notes boolean,
    analysis text,
    report_year integer
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH newest AS (
        SELECT DISTINCT ON (b.besok_id) b.*
        FROM core.besok AS b
        WHERE b.known_from <= visit.as_of AND visit.as_of < b.known_to
        ORDER BY b.besok_id, b.period DESC
    )
    SELECT
        v.besok_id, v.typ, v.datum, v.objekt_id, coalesce(o.namn, v.objekt_id), v.deltagare, v.status,
        v.anteckningar_mark IS NOT NULL, v.analys,
        (
            SELECT max(r.ar)
            FROM core.quality_report(visit.as_of) AS r
            WHERE r.objekt_id = v.objekt_id AND r.inkom_datum <= v.datum
        )
    FROM newest AS v
    LEFT JOIN core.follow_up_object(visit.as_of) AS o ON o.objekt_id = v.objekt_id
$$;
COMMENT ON FUNCTION register.visit IS 'Visits as known at a time, without their notes, with the newest quality report that had come by then';
GRANT EXECUTE ON FUNCTION register.visit TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
