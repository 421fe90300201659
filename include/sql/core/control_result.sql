-- core.control_result(as_of): one row is what one control found on one day, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.control_result(as_of timestamptz)
RETURNS TABLE (
    kontroll_id text,
    datum date,
    utfall text,
    iakttagelse text,
    atgard_id text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (k.kontroll_id, k.datum)
        k.kontroll_id, k.datum, k.utfall, k.iakttagelse, k.atgard_id, k.delivery_id, k.row_no
    FROM core.kontrollresultat AS k
    WHERE k.known_from <= control_result.as_of AND control_result.as_of < k.known_to
    ORDER BY k.kontroll_id, k.datum, k.period DESC
$$;
COMMENT ON FUNCTION core.control_result IS 'Results of internal control as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.control_result TO arshjul_compute;

RESET ROLE;
