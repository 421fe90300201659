-- core.control_point(as_of): one row is one control point as its newest register tells it, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

-- The register is delivered whole: a control point that a newer register lacks was closed when that month began.
CREATE OR REPLACE FUNCTION core.control_point(as_of timestamptz)
RETURNS TABLE (
    kontroll_id text,
    niva text,
    objekt_id text,
    risk integer,
    beskrivning text,
    metod text,
    check_id text,
    frekvens text,
    ansvarig text,
    closed_from date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (k.kontroll_id)
        k.kontroll_id, k.niva, k.objekt_id, k.risk, k.beskrivning, k.metod, k.check_id, k.frekvens,
        k.ansvarig,
        (
            SELECT min(later.period)
            FROM core.kontrollpunkter AS later
            WHERE later.period > k.period
                AND later.known_from <= control_point.as_of AND control_point.as_of < later.known_to
        ),
        k.delivery_id, k.row_no
    FROM core.kontrollpunkter AS k
    WHERE k.known_from <= control_point.as_of AND control_point.as_of < k.known_to
    ORDER BY k.kontroll_id, k.period DESC
$$;
COMMENT ON FUNCTION core.control_point IS 'The register of control points as known at a time, with the day each was closed from';
GRANT EXECUTE ON FUNCTION core.control_point TO arshjul_compute;

RESET ROLE;
