-- register.unit_quality_report(as_of, year): one row is a quality report that a follow-up object owes for a year, in or not.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers get the report's own texts without reaching core. What is internal is not among them.
CREATE OR REPLACE FUNCTION register.unit_quality_report(as_of timestamptz, year integer)
RETURNS TABLE (
    object_id text, name text, provider text, email text, due date, received date, form_version text, texts jsonb
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT
        w.objekt_id, o.namn, coalesce(o.anordnare_orgnr, ''), coalesce(p.epost, ''), w.due_date, r.inkom_datum,
        coalesce(r.mallversion, ''),
        CASE WHEN r.objekt_id IS NULL THEN '{}'::jsonb ELSE jsonb_build_object(
            'systematiskt_kvalitetsarbete', r.systematiskt_kvalitetsarbete,
            'resultat_och_analys', r.resultat_och_analys,
            'forbattringsomraden', r.forbattringsomraden
        ) END
    FROM core.report_owed(unit_quality_report.as_of, unit_quality_report.year) AS w
    JOIN core.follow_up_object(unit_quality_report.as_of) AS o ON o.objekt_id = w.objekt_id
    LEFT JOIN core.quality_report(unit_quality_report.as_of) AS r
        ON r.objekt_id = w.objekt_id AND r.ar = unit_quality_report.year
    LEFT JOIN core.provider(unit_quality_report.as_of) AS p ON p.orgnr = o.anordnare_orgnr
$$;
COMMENT ON FUNCTION register.unit_quality_report IS
'Quality reports that units owe for a year, with what has come; never what is internal';
GRANT EXECUTE ON FUNCTION register.unit_quality_report TO arshjul_report, arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
