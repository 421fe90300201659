-- core.placement(as_of): one row is one placement on the staircase, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.placement(as_of timestamptz)
RETURNS TABLE (
    anordnare text,
    insats_id text,
    datum date,
    tillfalle text,
    steg integer,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (t.sender, t.insats_id, t.datum, t.tillfalle)
        t.sender, t.insats_id, t.datum, t.tillfalle, t.steg, t.delivery_id, t.row_no
    FROM core.trappsteg AS t
    WHERE t.known_from <= placement.as_of AND placement.as_of < t.known_to
    ORDER BY t.sender DESC, t.insats_id DESC, t.datum DESC, t.tillfalle DESC, t.period DESC
$$;
COMMENT ON FUNCTION core.placement IS 'Placements on the staircase as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.placement TO arshjul_compute;

RESET ROLE;
