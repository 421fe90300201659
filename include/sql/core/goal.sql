-- core.goal(as_of): one row is one goal as the newest register it stands in tells it, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

-- The register is delivered whole: a goal that a newer register lacks was closed when that register's month began. It
-- still is the goal of the periods before.
CREATE OR REPLACE FUNCTION core.goal(as_of timestamptz)
RETURNS TABLE (
    mal_id text,
    niva text,
    overordnat_mal_id text,
    ar integer,
    "text" text,
    indikator_id text,
    malvarde numeric,
    riktning text,
    tolerans numeric,
    insatstyp text,
    sarskilt_folja text,
    closed_from date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (m.mal_id)
        m.mal_id, m.niva, m.overordnat_mal_id, m.ar, m."text", m.indikator_id, m.malvarde, m.riktning, m.tolerans,
        m.insatstyp, m.sarskilt_folja,
        (
            SELECT min(later.period)
            FROM core.mal AS later
            WHERE later.period > m.period
                AND later.known_from <= goal.as_of AND goal.as_of < later.known_to
        ),
        m.delivery_id, m.row_no
    FROM core.mal AS m
    WHERE m.known_from <= goal.as_of AND goal.as_of < m.known_to
    ORDER BY m.mal_id, m.period DESC
$$;
COMMENT ON FUNCTION core.goal IS 'The register of goals as known at a time, with the day each was closed from';
GRANT EXECUTE ON FUNCTION core.goal TO arshjul_compute;

RESET ROLE;
