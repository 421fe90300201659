-- core.complaint(as_of): one row is one case of the complaints system, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.complaint(as_of timestamptz)
RETURNS TABLE (
    arende_id text,
    inkom_datum date,
    typ text,
    kanal text,
    objekt_id text,
    kategori text,
    brist text,
    atgard_id text,
    besvarad_datum date,
    avslutad_datum date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (s.arende_id)
        s.arende_id, s.inkom_datum, s.typ, s.kanal, s.objekt_id, s.kategori, s.brist, s.atgard_id, s.besvarad_datum,
        s.avslutad_datum, s.delivery_id, s.row_no
    FROM core.synpunkter AS s
    WHERE s.known_from <= complaint.as_of AND complaint.as_of < s.known_to
    ORDER BY s.arende_id, s.period DESC
$$;
COMMENT ON FUNCTION core.complaint IS 'Views and complaints as known at a time, without their words: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.complaint TO arshjul_compute;

RESET ROLE;
