-- core.invitation(as_of): one row is one invitation to the survey, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.invitation(as_of timestamptz)
RETURNS TABLE (
    inbjudan_id text,
    enkat_ar integer,
    anordnare text,
    kanal text,
    skickad_datum date,
    status text,
    besvarad_datum date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        i.inbjudan_id, i.enkat_ar, i.anordnare_orgnr, i.kanal, i.skickad_datum, i.status, i.besvarad_datum, i.delivery_id, i.row_no
    FROM (
        SELECT DISTINCT ON (n.inbjudan_id) n.*
        FROM core.kundenkat_inbjudningar AS n
        WHERE n.known_from <= invitation.as_of AND invitation.as_of < n.known_to
        ORDER BY n.inbjudan_id, n.period DESC
    ) AS i
$$;
COMMENT ON FUNCTION core.invitation IS 'Invitations to the survey as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.invitation TO arshjul_compute;

RESET ROLE;
