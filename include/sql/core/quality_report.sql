-- core.quality_report(as_of): one row is the quality report of one follow-up object and year, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.quality_report(as_of timestamptz)
RETURNS TABLE (
    objekt_id text,
    ar integer,
    inkom_datum date,
    mallversion text,
    systematiskt_kvalitetsarbete text,
    resultat_och_analys text,
    forbattringsomraden text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (k.objekt_id, k.ar)
        k.objekt_id, k.ar, k.inkom_datum, k.mallversion, k.systematiskt_kvalitetsarbete, k.resultat_och_analys,
        k.forbattringsomraden, k.delivery_id, k.row_no
    FROM core.kvalitetsrapporter AS k
    WHERE k.known_from <= quality_report.as_of AND quality_report.as_of < k.known_to
    ORDER BY k.objekt_id, k.ar, k.period DESC
$$;
COMMENT ON FUNCTION core.quality_report IS 'Quality reports as known at a time, without what is internal: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.quality_report TO arshjul_compute;

RESET ROLE;
