-- core.visit(as_of): one row is one visit, planned, done or called off, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.visit(as_of timestamptz)
RETURNS TABLE (
    besok_id text,
    typ text,
    datum date,
    objekt_id text,
    deltagare text,
    status text,
    analys text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (b.besok_id)
        b.besok_id, b.typ, b.datum, b.objekt_id, b.deltagare, b.status, b.analys, b.delivery_id, b.row_no
    FROM core.besok AS b
    WHERE b.known_from <= visit.as_of AND visit.as_of < b.known_to
    ORDER BY b.besok_id, b.period DESC
$$;
COMMENT ON FUNCTION core.visit IS 'Visits as known at a time, without their notes: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.visit TO arshjul_compute;

RESET ROLE;
