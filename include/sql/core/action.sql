-- core.action(as_of): one row is one action as its newest delivery month tells it, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.action(as_of timestamptz)
RETURNS TABLE (
    atgard_id text,
    kalla text,
    kall_id text,
    beskrivning text,
    ansvarig text,
    medansvarig text,
    pdca text,
    beslutad_datum date,
    forfallodatum date,
    status text,
    klar_datum date,
    bevis text,
    indikator_id text,
    vantad_effekt text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (a.atgard_id)
        a.atgard_id, a.kalla, a.kall_id, a.beskrivning, a.ansvarig, a.medansvarig, a.pdca, a.beslutad_datum,
        a.forfallodatum, a.status, a.klar_datum, a.bevis, a.indikator_id, a.vantad_effekt, a.delivery_id, a.row_no
    FROM core.atgarder AS a
    WHERE a.known_from <= action.as_of AND action.as_of < a.known_to
    ORDER BY a.atgard_id, a.period DESC
$$;
COMMENT ON FUNCTION core.action IS 'Actions as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.action TO arshjul_compute;

RESET ROLE;
